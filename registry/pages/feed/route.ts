import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { snapshotFor } from '../../http/app.ts';
import { etagOf, reply } from '../../http/reply.ts';
import { atomFeed } from './atom.ts';

export const feed = new Hono<Env>();

feed.get('/changes.atom', async (c) => {
  const { catalog, head, stale } = await snapshotFor(c);
  const response = reply(c, {
    body: atomFeed(catalog, c.env.PUBLIC_URL),
    etag: etagOf(c, head.stamp.digest),
    immutable: false,
    stale,
    contentType: 'application/atom+xml; charset=utf-8',
  });
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
});
