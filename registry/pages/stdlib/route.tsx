import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { openSet } from '../../storage/isolate.ts';
import { replyWithFacts } from '../parts/facts.tsx';
import { columnsOf } from './columns.ts';
import { StdlibPage } from './stdlib-page.tsx';

export const stdlibPage = new Hono<Env>();

stdlibPage.get('/stdlib', (c) =>
  replyWithFacts(c, '/stdlib', async ({ view, asOf }) => {
    const columns = await columnsOf(view, asOf, (digest) => openSet(c.env, digest));
    return <StdlibPage columns={columns} asOf={asOf} stamp={view.stamp} />;
  }),
);
