/** A set for Pyodide: its lock, and the files at the same path. */
import * as z from 'zod';
import { type Member, resolve, toPyodideLock, wheelPath } from '../../resolver/index.ts';
import { FIELDS } from '../../resolver/question/fields.ts';
import { printable } from '../../resolver/text/printable.ts';
import { described } from '../http/described.ts';
import { MOST_ERRORS } from '../http/most-errors.ts';
import { problem, problemOf } from '../http/problem.ts';
import { REVISION } from '../http/question.ts';
import { shortly } from '../http/reply.ts';
import { getRoute, problemResponse, readRoute } from '../http/route.ts';
import { findSet } from '../http/unknown-name.ts';
import { sourceOf } from '../storage/history.ts';
import { openSet, openSnapshot } from '../storage/isolate.ts';
import { byName, SetParams } from './sets.ts';

const lock = readRoute({
  path: '/v1/sets/{flag}/pyodide-lock.json',
  tag: 'Facts',
  summary: 'A set, or the closure of requirements in it, as a lock that Pyodide loads as it is',
  query: {
    ...REVISION,
    requirements: {
      ...FIELDS.requirements,
      meaning: 'cuts the lock down to the closure of these requirements',
      example: undefined,
    },
    relative: {
      kind: 'flag',
      meaning:
        'names files without URLs, for `packageBaseUrl: "…/v1/sets/{flag}/files/"`. Pyodide in Node, given a ' +
        '`packageCacheDir` as well, loads packages by their names from such a lock alone',
    },
  } as const,
  params: SetParams,
  schema: z.looseObject({}),
  async answer({ view, query: { requirements = [], relative }, params: { flag }, asOf, env }) {
    const head = findSet(view, flag);
    if (head instanceof Response) return head;
    const set = await openSet(env, head.digest);
    const fileName = (wheel: Member) =>
      relative ? wheel.filename : new URL(wheelPath(wheel), env.PUBLIC_URL).href;
    if (requirements.length === 0) return toPyodideLock(head, byName(set.members), fileName);
    const question = { compatibility_date: null, compatibility_flags: [head.flag], as_of: asOf };
    const answer = await resolve(
      view,
      { ...question, requirements },
      { ...sourceOf(env, view), explained: MOST_ERRORS },
    );
    if (!answer.ok) return problemOf(answer.issues);
    const closure = answer.value.packages.map(({ name }) => set.members[set.index.get(name)!]!);
    return toPyodideLock(head, closure, fileName);
  },
});

const file = getRoute(
  {
    path: '/v1/sets/{flag}/files/{filename}',
    tags: ['Facts'],
    summary: 'The address of a file of a set, by its name',
    request: {
      params: SetParams.extend({
        filename: described(z.string(), { example: 'numpy-2.3.1-cp313-cp313-pyodide_2025_0_wasm32.tar.gz' }),
      }),
    },
    responses: { 301: { description: 'Its address, which never changes' }, default: problemResponse },
  },
  async (c, { flag = '', filename = '' }) => {
    const { head } = await openSnapshot(c);
    const set = findSet(head, flag);
    if (set instanceof Response) return set;
    const { members } = await openSet(c.env, set.digest);
    const member = members.find((one) => one.filename === filename);
    if (!member) return problem('unknown_wheel', `${set.flag} has no file ${printable(filename)}.`);
    const headers = {
      location: wheelPath(member),
      ...shortly(),
      'access-control-allow-origin': '*',
    };
    return new Response(null, { status: 301, headers });
  },
);

export const lockRoutes = [lock, file];
