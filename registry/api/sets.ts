import * as z from 'zod';
import { embeddedIn } from '../../resolver/compatibility/workerd.ts';
import { evidenceIn } from '../../resolver/evidence-level.ts';
import { type CatalogView, canonicalName } from '../../resolver/index.ts';
import { CatalogSet, CatalogYank, PackageSet as SetDocument } from '../../resolver/schemas.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { nearNames } from '../../resolver/text/near-names.ts';
import type { Call } from '../env.ts';
import { DescribedMember } from '../facts/patched.ts';
import { PyodideRelease, releaseOfPyodide } from '../facts/runtimes.ts';
import { findSet, unknownName } from '../http/problem.ts';
import type { Answer, Asked } from '../http/route.ts';
import { openSet, openSized } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { storedOf } from '../storage/wheels.ts';

const SetSummary = CatalogSet.pick({
  flag: true,
  python: true,
  abi: true,
  runtime: true,
  released: true,
  default_from: true,
  digest: true,
  source: true,
  package_count: true,
});

const Yanked = CatalogYank.pick({ reason: true, from: true })
  .optional()
  .describe(
    'Why the set was yanked, and from which date on it is not the default; absent if it was not yanked.',
  );

const SetInList = SetSummary.extend({
  archive_count: CatalogSet.shape.archive_count.describe(
    'Packages that are archives, which pip and uv cannot install.',
  ),
  embedded_in: z
    .array(z.string())
    .describe(
      'The versions of workerd that provide the set, as far as they are known here, the oldest first.',
    ),
  pyodide_released: PyodideRelease,
  yanked: Yanked,
}).meta({ id: 'PackageSetSummary' });

export const PackageSets = z.strictObject({ sets: z.array(SetInList) }).meta({ id: 'PackageSets' });

export const PackageSet = SetSummary.extend({
  platform: SetDocument.shape.platform,
  packages: z.array(DescribedMember),
  yanked: Yanked,
}).meta({ id: 'PackageSet' });

export const listSets = (view: CatalogView) => ({
  sets: [...view.sets.values()].map((set) => ({
    ...summaryOf(set),
    archive_count: set.archive_count,
    embedded_in: [...embeddedIn(view, set)],
    pyodide_released: releaseOfPyodide(set.runtime),
    ...yankOf(view, set),
  })),
});

export async function answerSet({
  view,
  params: { flag },
  env,
}: Asked<unknown, { flag: string }>): Promise<Answer> {
  const head = findSet(view, flag);
  if (head instanceof Response) return head;
  const { members } = await openSized(env, view, head);
  return {
    ...summaryOf(head),
    platform: head.platform,
    ...yankOf(view, head),
    packages: sortedBy(members, ({ name }) => name),
  };
}

export async function answerMember({
  view,
  params: { flag, name },
  env,
}: Asked<unknown, { flag: string; name: string }>): Promise<Answer> {
  const head = findSet(view, flag);
  if (head instanceof Response) return head;
  const { members, index } = await openSized(env, view, head);
  const at = index.get(canonicalName(name));
  if (at === undefined)
    return unknownName('unknown_package', name, nearNames(canonicalName(name), index.keys()));
  return { ...members[at]!, evidence: evidenceIn(view, flag)(members[at]!.name) };
}

export const StoredFiles = z
  .strictObject({ files: z.int(), stored: z.array(z.string()) })
  .meta({ id: 'StoredFiles' });

export async function sendStored(c: Call, { flag = '' }: Record<string, string>): Promise<Response> {
  const { head: view } = await openSnapshot(c);
  const head = findSet(view, flag);
  if (head instanceof Response) return head;
  const stored: z.infer<typeof StoredFiles> = await storedOf(c.env, await openSet(c.env, head));
  return Response.json(stored, { headers: { 'cache-control': 'no-store' } });
}

function summaryOf(set: CatalogSet): z.infer<typeof SetSummary> {
  const { flag, python, abi, runtime, released, default_from, digest, source, package_count } = set;
  return { flag, python, abi, runtime, released, default_from, digest, source, package_count };
}

function yankOf({ yankedSets }: CatalogView, { flag }: CatalogSet): { yanked?: z.infer<typeof Yanked> } {
  const yank = yankedSets.get(flag);
  return yank ? { yanked: { reason: yank.reason, from: yank.from } } : {};
}
