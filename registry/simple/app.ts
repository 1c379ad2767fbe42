/** The simple index of each package set: what pip, uv and micropip install from. */
import type { Context } from 'hono';
import { canonicalName, isName } from '../../resolver/requirements/name.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { printable } from '../../resolver/text/printable.ts';
import { findSet } from '../api/sets.ts';
import type { Env } from '../env.ts';
import { createApi, snapshotFor } from '../http/app.ts';
import { problem, unknownName } from '../http/problem.ts';
import { openSet } from '../storage/isolate.ts';
import { indexHtml, projectHtml } from './html.tsx';
import { indexJson, projectJson } from './json.ts';
import { describeProject } from './project.ts';
import { indexRoute, projectRoute } from './routes.ts';
import { send } from './send.ts';

export const simpleApi = createApi();

// Described for the document only: what is wrong with a path is said here, and better than a schema would.
simpleApi.openAPIRegistry.registerPath(indexRoute);
simpleApi.openAPIRegistry.registerPath(projectRoute);

simpleApi.get('/simple/:flag', async (c) => {
  const { head } = await snapshotFor(c);
  const set = findSet(head, c.req.param('flag'));
  return set instanceof Response ? set : redirect(c, `/simple/${set.flag}/`);
});

simpleApi.get('/simple/:flag/', async (c) => {
  const snapshot = await snapshotFor(c);
  const set = findSet(snapshot.head, c.req.param('flag'));
  if (set instanceof Response) return set;
  return send(c, snapshot, `${set.flag}/`, async (form) => {
    const { index } = await openSet(c.env, set.digest);
    const page = { projects: [...index.keys()].sort() };
    const body = form === 'json' ? indexJson(page) : indexHtml(page, set.flag);
    return { body, settled: true, stale: false };
  });
});

simpleApi.get('/simple/:flag/:name', (c) => sendProject(c, c.req.param('flag'), c.req.param('name'), false));
simpleApi.get('/simple/:flag/:name/', (c) => sendProject(c, c.req.param('flag'), c.req.param('name'), true));

async function sendProject(c: Context<Env>, flag: string, name: string, slash: boolean): Promise<Response> {
  const snapshot = await snapshotFor(c);
  const set = findSet(snapshot.head, flag);
  if (set instanceof Response) return set;
  if (!isName(name)) return problem('invalid_question', `This is no name of a package: ${printable(name)}.`);
  const canonical = canonicalName(name);
  if (name !== canonical || !slash) return redirect(c, `/simple/${set.flag}/${canonical}/`);

  return send(c, snapshot, `${set.flag}/${name}`, async (form) => {
    const { members, index } = await openSet(c.env, set.digest);
    const at = index.get(name);
    if (at === undefined) return unknownName('unknown_package', name, nearest(name, index.keys()));
    const { page, ...known } = await describeProject(c.env, snapshot.head, set, members[at]!);
    return { body: form === 'json' ? projectJson(page, c.env.PUBLIC_URL) : projectHtml(page), ...known };
  });
}

/** To the one address of a page, with the query that was given. */
function redirect(c: Context<Env>, path: string): Response {
  const query = c.req.url.indexOf('?');
  return new Response(null, {
    status: 301,
    headers: {
      location: query < 0 ? path : path + c.req.url.slice(query),
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
    },
  });
}
