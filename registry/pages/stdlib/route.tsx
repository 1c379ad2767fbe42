import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { openSet } from '../../storage/isolate.ts';
import { replyWithFacts } from '../components/facts.tsx';
import { columnsOf } from './columns.ts';
import { StdlibPage } from './stdlib-page.tsx';

/** In UTF-16 units. */
const LONGEST_QUERY = 100;

export const stdlibPage = new Hono<Env>();

stdlibPage.get('/stdlib', (c) =>
  replyWithFacts(c, '/stdlib', async ({ view, asOf }) => {
    const columns = await columnsOf(view, asOf, (digest) => openSet(c.env, digest));
    const query = (new URL(c.req.url).searchParams.get('query') ?? '').trim().slice(0, LONGEST_QUERY);
    return <StdlibPage columns={columns} query={query} asOf={asOf} stamp={view.stamp} />;
  }),
);
