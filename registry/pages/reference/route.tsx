import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { readDescription } from '../../http/openapi.ts';
import { etagOf } from '../../http/reply.ts';
import { replyWithPage } from '../components/respond.tsx';
import { operationsOf } from './operations.ts';
import { ReferencePage } from './reference-page.tsx';

/** The API's reference, from its OpenAPI document. */
export const referencePage = new Hono<Env>();

referencePage.get('/api', (c) =>
  replyWithPage(c, {
    etag: etagOf(c, 'api'),
    stale: false,
    page: async () => (
      <ReferencePage operations={operationsOf(readDescription())} origin={c.env.PUBLIC_URL} />
    ),
  }),
);
