import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { replyWithFacts } from '../components/respond.tsx';
import { knownOn } from './findings.ts';
import { SecurityPage } from './security-page.tsx';

export const securityPage = new Hono<Env>();

securityPage.get('/security', (c) =>
  replyWithFacts(c, '/security', async ({ view, asOf }) => (
    <SecurityPage view={view} known={await knownOn(c.env, view, asOf)} asOf={asOf} />
  )),
);
