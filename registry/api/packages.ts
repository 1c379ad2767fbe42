import * as z from 'zod';
import { deliveryOfSet } from '../../resolver/compatibility/workerd.ts';
import { evidenceIn } from '../../resolver/evidence-level.ts';
import {
  type CatalogView,
  canonicalName,
  type ResolveAnswer,
  selectTarget,
  type Target,
} from '../../resolver/index.ts';
import type { FixOf } from '../../resolver/issues/fixes.ts';
import { knownUnpinned } from '../../resolver/python/known-names.ts';
import { isName } from '../../resolver/requirements/name.ts';
import {
  ClosureTotals,
  Delivery,
  Diagnostic,
  Evidence,
  MemberKind,
  type Patched,
} from '../../resolver/schemas.ts';
import { printable } from '../../resolver/text/printable.ts';
import type { Bindings } from '../env.ts';
import { DescribedPatch } from '../facts/patched.ts';
import { documents } from '../facts/standard-library.ts';
import { described } from '../http/described.ts';
import { unknownName } from '../http/problem.ts';
import { shortly, today } from '../http/reply.ts';
import type { Answer, Asked } from '../http/route.ts';
import { indexUrlOf } from '../index/address.ts';
import { beyondOf } from '../index/beyond.ts';
import { findPackages, historyOf, importedAs, namedAlike, openSet } from '../storage/history.ts';

/** Characters of a part of a name that is searched for. */
export const LONGEST_NAME = 100;
export const MOST_FOUND = 200;

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
    evidence: Evidence.describe('What was seen of it in the newest set.'),
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
    evidence: Evidence,
    delivery: DeliveryOfPackage,
  }),
  'PackageVersion',
);

export const FoundPackages = described(
  z.strictObject({ total: z.int(), packages: z.array(Found) }),
  'FoundPackages',
);

const FromIndex = described(
  z.strictObject({
    url: z.string().describe('The index.'),
    version: z.string().describe('The version for the Worker of today. Nobody has run it.'),
    filename: z.string(),
    sha256: z.string().nullable(),
    totals: ClosureTotals.describe('Of the package with all that it needs.'),
    diagnostics: z.array(Diagnostic),
    similar: z.array(z.string()).describe('Packages of the set of today that have nearly that name.'),
  }),
  'PackageFromIndex',
);

export const PackageHistory = described(
  z.strictObject({
    name: z.string(),
    versions: z.array(Version),
    from_index: FromIndex.optional().describe(
      'Only of a name that no set has, from the index of this registry, if it has one.',
    ),
  }),
  'PackageHistory',
);

export async function searchPackages({
  view,
  query: { query = '', limit = 50 },
  env,
}: Asked<{ query?: string | undefined; limit?: number | undefined }, unknown>): Promise<Answer> {
  const { total, packages } = await findPackages(env, view, canonicalName(query), limit);
  const listed = packages.map((hit) => ({
    ...hit,
    evidence: evidenceIn(view, hit.newest_flag)(hit.name),
    delivery: deliveryIn(view, hit.newest_flag, hit.kind),
  }));
  return { total, packages: listed };
}

export async function answerPackage({
  view,
  params: { name: written },
  env,
}: Asked<unknown, { name: string }>): Promise<Answer> {
  const asked = written.slice(0, LONGEST_NAME + 1);
  const name = canonicalName(asked);
  const versions = await historyOf(env, view, name);
  if (versions.length === 0) {
    // An index may have it.
    const message = `No package set has ${printable(written)}.`;
    const known = knownToday(view, name);
    if (known) return unknownName('unknown_package', written, [], [known], undefined, message);
    const importing = await importedAs(env, view, asked);
    const flag = targetToday(view)?.package_set.flag;
    const near = importing.length > 0 || !flag ? importing : await namedAlike(env, view, flag, name);
    const isAsked = isName(written) && importing.length === 0;
    const beyond = isAsked ? await beyondOf(env, view, name, today()) : null;
    const answer = beyond?.answer;
    if (answer) return fromIndex(name, indexUrlOf(env)!, answer, near);
    return unknownName('unknown_package', written, near, [], beyond?.text, message);
  }
  const answers = versions.map(async ({ patched_by, ...version }) => ({
    ...version,
    patched: await patchOf(patched_by, version.flag, name, view, env),
    evidence: evidenceIn(view, version.flag)(name),
    delivery: deliveryIn(view, version.flag, version.kind),
  }));
  return { name, versions: await Promise.all(answers) };
}

/** What the index has of a name today, which is not kept with the answers about a revision. */
function fromIndex(name: string, url: string, answer: ResolveAnswer, similar: string[]): Response {
  const { packages, totals, diagnostics } = answer;
  const { version, wheel } = packages.find((pinned) => pinned.name === name)!;
  const { filename, sha256 } = wheel;
  const pinned: z.infer<typeof FromIndex> = {
    ...{ url, version, filename, sha256, totals },
    ...{ diagnostics: [...diagnostics], similar },
  };
  const history: z.infer<typeof PackageHistory> = { name, versions: [], from_index: pinned };
  const headers = { ...shortly(), 'access-control-allow-origin': '*' };
  return Response.json(history, { headers });
}

/** The facts about a name that no set has, for the Worker of today. */
export function knownToday(view: CatalogView, name: string): FixOf<'leave_out'> | null {
  const target = targetToday(view);
  return target && knownUnpinned(name, documents, target, view);
}

export function targetToday(view: CatalogView): Target | null {
  const day = today();
  const question = { compatibility_date: day, compatibility_flags: ['python_workers'], as_of: day };
  const target = selectTarget(view, question);
  return target.ok ? target.value : null;
}

function deliveryIn(view: CatalogView, flag: string, kind: MemberKind): Delivery | null {
  return kind === 'package' ? deliveryOfSet(view, view.sets.get(flag)!) : null;
}

/** The table of files has who patched a wheel. The details of Pinwheel's patches are in the sets, of which there are few. */
async function patchOf(
  by: Patched['by'] | null,
  flag: string,
  name: string,
  { sets }: CatalogView,
  env: Bindings,
): Promise<Patched | null> {
  if (by !== 'pinwheel') return by && { by };
  const { members, index } = await openSet(env, sets.get(flag)!);
  return members[index.get(name)!]!.patched;
}
