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
import { remark } from '../../resolver/issues/fixes.ts';
import { knownLacking } from '../../resolver/python/known-names.ts';
import { firstPart } from '../../resolver/python/modules.ts';
import { isName } from '../../resolver/requirements/name.ts';
import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import {
  ClosureTotals,
  Delivery,
  Diagnostic,
  Evidence,
  MemberKind,
  type Patched,
} from '../../resolver/schemas.ts';
import { didYouMean } from '../../resolver/text/nearest.ts';
import { printable } from '../../resolver/text/printable.ts';
import type { Bindings } from '../env.ts';
import { DescribedPatch } from '../facts/patched.ts';
import { documents } from '../facts/standard-library.ts';
import { problem } from '../http/problem.ts';
import { shortly, today } from '../http/reply.ts';
import type { Answer, Asked } from '../http/route.ts';
import { indexUrlOf } from '../package-index/address.ts';
import { beyondOf } from '../package-index/beyond.ts';
import { findPackages, historyOf, importedAs, namedAlike, openSet } from '../storage/history.ts';

/** Characters of a part of a name that is searched for. */
export const LONGEST_NAME = 100;
export const MOST_FOUND = 200;

const DeliveryOfPackage = Delivery.nullable().describe(
  'How it reaches a Worker of this set; null for what is not a package: modules of the standard library come with the ' +
    'runtime, shared libraries with the Pyodide that loads them.',
);

const Found = z
  .strictObject({
    name: z.string(),
    sets: z.int().describe('In how many sets it is.'),
    versions: z.int(),
    newest_flag: z.string().describe('The newest set that has it.'),
    kind: MemberKind.describe('What it is in the newest set.'),
    evidence: Evidence.describe('What was seen of it in the newest set.'),
    delivery: DeliveryOfPackage,
  })
  .meta({ id: 'FoundPackage' });

const Version = z
  .strictObject({
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
  })
  .meta({ id: 'PackageVersion' });

export const FoundPackages = z
  .strictObject({ total: z.int(), packages: z.array(Found) })
  .meta({ id: 'FoundPackages' });

const FromIndex = z
  .strictObject({
    url: z.string().describe('The index.'),
    version: z.string().describe('The version for the Worker of today. Nobody has run it.'),
    filename: z.string(),
    sha256: z.string().nullable(),
    totals: ClosureTotals.describe('Of the package with all that it needs.'),
    diagnostics: z.array(Diagnostic),
    similar: z.array(z.string()).describe('Packages of the set of today that have nearly that name.'),
  })
  .meta({
    id: 'PackageFromIndex',
    description: 'Only of a name that no set has, from the index of this registry, if it has one.',
    example: {
      url: 'https://pypi.org/simple/',
      version: '3.12.1',
      filename: 'asgiref-3.12.1-py3-none-any.whl',
      sha256: 'fe386d1c2bff7259ea95929266d12a8cf9a8b5a1c2598402967d8792e7a7c094',
      totals: { packages: 1, size: 25_478, left_at_most: 67_083_386, unknown_sizes: 0 },
      diagnostics: [],
      similar: [],
    },
  });

export const PackageHistory = z
  .strictObject({
    name: z.string(),
    versions: z.array(Version),
    from_index: FromIndex.optional(),
    diagnostics: z
      .array(Diagnostic)
      .optional()
      .describe('Only of such a name: why it is of no use, or why nothing comes from the index.'),
  })
  .meta({ id: 'PackageHistory' });

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
  const name = canonicalName(nameIn(asked));
  const versions = await historyOf(env, view, name);
  if (versions.length === 0) {
    const message = `No package set has ${printable(written)}.`;
    const { known, near, beyond } = await unpinned(env, view, nameIn(asked), today());
    if (known) {
      return outsideSets(known.name, { diagnostics: [remark('info', known.because, message, [known])] });
    }
    if (beyond?.answer) {
      return outsideSets(name, { from_index: fromIndex(name, indexUrlOf(env)!, beyond.answer, near) });
    }
    const said = [message, didYouMean(near), beyond?.text].filter(Boolean).join(' ');
    if (!beyond || beyond.is === 'no_project') return problem('unknown_package', said);
    return outsideSets(name, { diagnostics: [remark('warning', beyond.code!, said)] });
  }
  const answers = versions.map(async ({ patched_by, ...version }) => ({
    ...version,
    patched: await patchOf(patched_by, version.flag, name, view, env),
    evidence: evidenceIn(view, version.flag)(name),
    delivery: deliveryIn(view, version.flag, version.kind),
  }));
  return { name, versions: await Promise.all(answers) };
}

function fromIndex(
  name: string,
  url: string,
  { packages, totals, diagnostics }: ResolveAnswer,
  similar: string[],
): z.infer<typeof FromIndex> {
  const { version, wheel } = packages.find((pinned) => pinned.name === name)!;
  const { filename, sha256 } = wheel;
  return { url, version, filename, sha256, totals, diagnostics: [...diagnostics], similar };
}

/** Answers with today's knowledge of a name that no set has, which is not kept with the answers about a revision. */
function outsideSets(name: string, known: Partial<z.infer<typeof PackageHistory>>): Response {
  const headers = { ...shortly(), 'access-control-allow-origin': '*' };
  return Response.json({ name, versions: [], ...known }, { headers });
}

/** The name in a requirement, such as `flask[async]`, as it is written; other texts as they are. */
export function nameIn(text: string): string {
  const read = parseRequirement(text);
  return read.ok ? read.value.written_name : text;
}

/**
 * A name that no set has: why it is of no use to a Worker, by default that of today; else the packages that have a module
 * of that name; else what the index has, and similar names.
 */
export async function unpinned(
  env: Bindings,
  view: CatalogView,
  written: string,
  day: string,
  target = targetToday(view),
) {
  const name = canonicalName(written);
  const module = written.includes('.') ? canonicalName(firstPart(written)) : name;
  const fact = target && knownLacking(module, documents, target, view);
  const known = fact && { ...fact, name: fact.because === 'provided' ? written : name };
  const importing = known ? [] : await importedAs(env, view, written);
  const isOpen = !known && importing.length === 0;
  const near = isOpen && target ? await namedAlike(env, view, target.package_set.flag, name) : importing;
  const beyond = isOpen && isName(written) ? await beyondOf(env, view, name, day) : null;
  return { known, importing, near, beyond };
}

function targetToday(view: CatalogView): Target | null {
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
