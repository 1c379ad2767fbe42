/** The simple index of each package set, for pip, uv and micropip, and a page that lists them. */
import { canonicalName } from '../../resolver/index.ts';
import { isName } from '../../resolver/requirements/name.ts';
import { nearNames } from '../../resolver/text/near-names.ts';
import { printable } from '../../resolver/text/printable.ts';
import type { Call } from '../env.ts';
import { findSet, problem, unknownName } from '../http/problem.ts';
import { redirect } from '../http/reply.ts';
import { openSet } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { indexHtml, projectHtml, rootHtml } from './html.tsx';
import { indexJson, rootJson } from './json.ts';
import { describeProject } from './project.ts';
import { send } from './send.ts';

type Params = Record<string, string>;

/** Errors in a path are explained here, better than by a schema. */
export async function toIndex(c: Call, { flag = '' }: Params): Promise<Response> {
  const { head } = await openSnapshot(c);
  const set = findSet(head, flag);
  return set instanceof Response ? set : redirect(c.req.url, `/simple/${set.flag}/`);
}

export async function sendRoot(c: Call): Promise<Response> {
  const snapshot = await openSnapshot(c);
  return send(c, snapshot, '', async (form) => {
    const sets = [...snapshot.head.sets.values()].toReversed();
    const body = form === 'json' ? rootJson(sets, c.env.PUBLIC_URL) : rootHtml(sets);
    return { body, settled: true, stale: false };
  });
}

export async function sendIndex(c: Call, { flag = '' }: Params): Promise<Response> {
  const snapshot = await openSnapshot(c);
  const set = findSet(snapshot.head, flag);
  if (set instanceof Response) return set;
  return send(c, snapshot, `${set.flag}/`, async (form) => {
    const { index } = await openSet(c.env, set);
    const names = [...index.keys()].sort();
    const body = form === 'json' ? indexJson(names) : indexHtml(names, set.flag);
    return { body, settled: true, stale: false };
  });
}

export async function sendProject(
  c: Call,
  { flag = '', name = '' }: Params,
  slash: boolean,
): Promise<Response> {
  const snapshot = await openSnapshot(c);
  const set = findSet(snapshot.head, flag);
  if (set instanceof Response) return set;
  if (!isName(name))
    return problem('invalid_question', `This is not a name of a package: ${printable(name)}.`);
  const canonical = canonicalName(name);
  if (name !== canonical || !slash) return redirect(c.req.url, `/simple/${set.flag}/${canonical}/`);

  return send(c, snapshot, `${set.flag}/${name}`, async (form) => {
    const { members, index } = await openSet(c.env, set);
    const at = index.get(name);
    if (at === undefined) return unknownName('unknown_package', name, nearNames(name, index.keys()));
    const { page, ...known } = await describeProject(c.env, snapshot.head, set, members[at]!);
    return { body: form === 'json' ? JSON.stringify(page) : projectHtml(page), ...known };
  });
}
