import * as z from 'zod';
import { deliveryOfSet } from '../../resolver/compatibility/delivery.ts';
import { type CatalogView, canonicalName } from '../../resolver/index.ts';
import { Delivery, MemberKind, type Patched } from '../../resolver/schemas.ts';
import type { Bindings } from '../env.ts';
import { DescribedPatch } from '../facts/patched.ts';
import { described } from '../http/described.ts';
import { REVISION } from '../http/question.ts';
import { readRoute } from '../http/route.ts';
import { unknownName } from '../http/unknown-name.ts';
import { findPackages, historyOf } from '../storage/history.ts';
import { openSet } from '../storage/isolate.ts';

const LONGEST_QUERY = 100;
const MOST_FOUND = 200;

const DeliveryOfPackage = Delivery.nullable().describe(
  'How it reaches a Worker of this set; null for what is not a package: modules of the standard library come with the ' +
    'runtime, shared libraries with the Pyodide that loads them.',
);

const Found = described(
  z.strictObject({
    name: z.string(),
    sets: z.int().describe('In how many sets it is.'),
    versions: z.int(),
    newest_flag: z.string().describe('The newest set that has it.'),
    kind: MemberKind.describe('What it is in the newest set.'),
    delivery: DeliveryOfPackage,
  }),
  'FoundPackage',
);

const Version = described(
  z.strictObject({
    flag: z.string(),
    version: z.string(),
    kind: MemberKind,
    python: z.string(),
    abi: z.string(),
    runtime: z.string(),
    released: z.string(),
    filename: z.string(),
    sha256: z.string(),
    patched: DescribedPatch,
    delivery: DeliveryOfPackage,
  }),
  'PackageVersion',
);

const search = readRoute({
  path: '/v1/packages',
  tag: 'Facts',
  summary: 'Packages of all sets, by part of their name',
  query: {
    ...REVISION,
    query: { kind: 'text', meaning: 'a part of the name', example: 'pydantic', most: LONGEST_QUERY },
    limit: { kind: 'number', meaning: 'how many are listed', default: '50', most: MOST_FOUND },
  } as const,
  schema: described(z.strictObject({ total: z.int(), packages: z.array(Found) }), 'FoundPackages'),
  async answer({ view, query: { query = '', limit = 50 }, env }) {
    const { total, packages } = await findPackages(env, view, canonicalName(query), limit);
    const found = packages.map((one) => ({ ...one, delivery: deliveryIn(view, one.newest_flag, one.kind) }));
    return { total, packages: found };
  },
});

const one = readRoute({
  path: '/v1/packages/{name}',
  tag: 'Facts',
  summary: 'Every version that a package ever had, by set',
  query: REVISION,
  params: z.object({ name: described(z.string(), { example: 'numpy' }) }),
  schema: described(z.strictObject({ name: z.string(), versions: z.array(Version) }), 'PackageHistory'),
  async answer({ view, params: { name: written }, env }) {
    const name = canonicalName(written.slice(0, LONGEST_QUERY + 1));
    const versions = await historyOf(env, view, name);
    if (versions.length === 0) return unknownName('unknown_package', written, []);
    const answers = versions.map(async ({ patched_by, ...version }) => ({
      ...version,
      patched: await patchOf(patched_by, version.flag, name, view, env),
      delivery: deliveryIn(view, version.flag, version.kind),
    }));
    return { name, versions: await Promise.all(answers) };
  },
});

export const packageRoutes = [search, one];

function deliveryIn(view: CatalogView, flag: string, kind: MemberKind): Delivery | null {
  return kind === 'package' ? deliveryOfSet(view, view.sets.get(flag)!) : null;
}

/** D1 has who patched a wheel. The details of Pinwheel's patches are in the sets, of which there are few. */
async function patchOf(
  by: Patched['by'] | null,
  flag: string,
  name: string,
  { sets }: CatalogView,
  env: Bindings,
): Promise<Patched | null> {
  if (by !== 'pinwheel') return by && { by };
  const { members, index } = await openSet(env, sets.get(flag)!.digest);
  return members[index.get(name)!]!.patched;
}
