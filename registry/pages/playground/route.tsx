import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { today } from '../../http/day.ts';
import { readForm } from '../../http/form.ts';
import { etagOf } from '../../http/reply.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { replyWithPage } from '../parts/respond.ts';
import { PlaygroundPage } from './playground-page.tsx';

export const playgroundPage = new Hono<Env>();

/** The form alone, filled from the address: what is wrong with it, the resolver in the browser says. */
playgroundPage.get('/playground', async (c) => {
  const { asked } = readForm(c.req.queries(), today());
  const { head, stale } = await openSnapshot(c);
  return replyWithPage(c, {
    etag: etagOf(c, head.stamp.digest),
    stale,
    connects: true,
    page: async () => <PlaygroundPage asked={asked} sets={[...head.sets.values()]} />,
  });
});
