import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { snapshotFor } from '../../http/app.ts';
import { today } from '../../http/question.ts';
import { etagOf } from '../../http/reply.ts';
import { readHomeQuestion } from '../home/question.ts';
import { replyWithPage } from '../parts/respond.ts';
import { PlaygroundPage } from './playground-page.tsx';

export const playgroundPage = new Hono<Env>();

/** The form alone, filled from the address: what is wrong with it, the resolver in the browser says. */
playgroundPage.get('/playground', async (c) => {
  const { asked } = readHomeQuestion(c.req.queries(), today());
  const { head, stale } = await snapshotFor(c);
  return replyWithPage(c, {
    etag: etagOf(c, head.stamp.digest),
    stale,
    connects: true,
    page: async () => <PlaygroundPage asked={asked} sets={[...head.sets.values()]} />,
  });
});
