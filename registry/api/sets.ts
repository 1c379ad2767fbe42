import { z } from '@hono/zod-openapi';
import { CatalogSet, type Member, PackageSet } from '../../resolver/catalog.ts';
import { embeddedIn } from '../../resolver/compatibility/delivery.ts';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { createApi, replyFromView } from '../http/app.ts';
import { unknownName } from '../http/problem.ts';
import { RevisionQuery } from '../http/question.ts';
import { readRoute } from '../http/routes.ts';
import { openSet } from '../storage/isolate.ts';
import { DescribedMember } from './patched.ts';

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

const SetInList = SetSummary.extend({
  archive_count: CatalogSet.shape.archive_count.describe(
    'Packages of which the set has no wheel, but an archive that pip and uv do not take.',
  ),
  embedded_in: z
    .array(z.string())
    .describe(
      'The versions of workerd that bring the set along, as far as they are known here, the oldest first.',
    ),
}).openapi('PackageSetSummary');

export const SetParams = z.object({
  flag: z.string().openapi({ example: 'python_3.13_packages_2025_08_08' }),
});

const list = readRoute({
  path: '/v1/sets',
  tag: 'Facts',
  summary: 'Every package set, the oldest first',
  query: RevisionQuery,
  answer: z.strictObject({ sets: z.array(SetInList) }).openapi('PackageSets'),
});

const one = readRoute({
  path: '/v1/sets/{flag}',
  tag: 'Facts',
  summary: 'One package set with all its members',
  query: RevisionQuery,
  params: SetParams,
  answer: PackageSet.omit({ kind: true })
    .extend({ digest: z.string(), packages: z.array(DescribedMember) })
    .openapi('PackageSet'),
});

const member = readRoute({
  path: '/v1/sets/{flag}/packages/{name}',
  tag: 'Facts',
  summary: 'One package of a set',
  query: RevisionQuery,
  params: SetParams.extend({ name: z.string().openapi({ example: 'numpy' }) }),
  answer: DescribedMember,
});

export const setsApi = createApi();

setsApi.openapi(list, (c) =>
  replyFromView(c, c.req.valid('query').revision, (view) => ({
    sets: [...view.sets.values()].map((set) => ({
      ...summaryOf(set),
      archive_count: set.archive_count,
      embedded_in: [...embeddedIn(view, set)],
    })),
  })),
);

setsApi.openapi(one, (c) =>
  replyFromView(c, c.req.valid('query').revision, async (view) => {
    const head = findSet(view, c.req.valid('param').flag);
    if (head instanceof Response) return head;
    const { members } = await openSet(c.env, head.digest);
    return { ...summaryOf(head), platform: head.platform, packages: byName(members) };
  }),
);

setsApi.openapi(member, (c) =>
  replyFromView(c, c.req.valid('query').revision, async (view) => {
    const { flag, name } = c.req.valid('param');
    const head = findSet(view, flag);
    if (head instanceof Response) return head;
    const { members, index } = await openSet(c.env, head.digest);
    const at = index.get(canonicalName(name));
    return at === undefined
      ? unknownName('unknown_package', name, nearest(name, index.keys()))
      : members[at]!;
  }),
);

/** The set of a package flag, or the refusal that names near ones. */
export function findSet(view: CatalogView, flag: string): CatalogSet | Response {
  return view.sets.get(flag) ?? unknownName('unknown_set', flag, nearest(flag, view.sets.keys()));
}

function summaryOf(set: CatalogSet): z.infer<typeof SetSummary> {
  const { flag, python, abi, runtime, released, default_from, digest, source, package_count } = set;
  return { flag, python, abi, runtime, released, default_from, digest, source, package_count };
}

/** Members in the order of their names, as documents list them. */
export function byName(members: readonly Member[]): Member[] {
  return members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
