import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { etagOf, reply } from '../../http/reply.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { atomFeed } from './atom.ts';
import { changesFeed } from './feeds.ts';

export const ATOM = 'application/atom+xml; charset=utf-8';

export const feed = new Hono<Env>();

feed.get('/changes.atom', async (c) => {
  const { catalog, head, stale } = await openSnapshot(c);
  return reply(c, {
    body: atomFeed(changesFeed(catalog, c.env.PUBLIC_URL)),
    etag: etagOf(c, head.stamp.digest),
    immutable: false,
    stale,
    contentType: ATOM,
  });
});
