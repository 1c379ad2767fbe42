import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { etagOf } from '../../http/reply.ts';
import { replyWithPage } from '../components/respond.tsx';
import { operationsOf } from './operations.ts';
import { ReferencePage } from './reference-page.tsx';

/** The page of the API's reference, from the OpenAPI document that `describe` gives. */
export function referencePage(describe: () => object): Hono<Env> {
  const page = new Hono<Env>();
  page.get('/api', (c) =>
    replyWithPage(c, {
      etag: etagOf(c, 'api'),
      stale: false,
      page: async () => <ReferencePage operations={operationsOf(describe())} origin={c.env.PUBLIC_URL} />,
    }),
  );
  return page;
}
