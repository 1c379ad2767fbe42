import type { Context } from 'hono';
import { asOfIssue } from '../../../resolver/compatibility/date.ts';
import type { CatalogView, Issue } from '../../../resolver/index.ts';
import type { Env } from '../../env.ts';
import { endOfToday, today } from '../../http/day.ts';
import { readForm } from '../../http/form.ts';
import { statusOf } from '../../http/problem.ts';
import { etagOf } from '../../http/reply.ts';
import { openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import type { NavigationLink } from './document.tsx';
import { RefusedPage } from './no-answer.tsx';
import { type Page, replyWithPage, sendPage } from './respond.tsx';

export interface Facts {
  snapshot: Snapshot;
  view: CatalogView;
  asOf: string;
  /** The end of today, when a page of these facts expires. */
  until: number;
}

/** The catalog at the revision and the day of an address, by default the newest and today; or what is wrong with them. */
export async function factsAsked(c: Context<Env>): Promise<Facts | { issues: readonly Issue[] }> {
  const until = endOfToday();
  const { outcome } = readForm(new URL(c.req.url).searchParams, today());
  if (!outcome.ok) return { issues: outcome.issues };
  const { question, revision } = outcome.value;
  const asOf = question.as_of;
  const issue = asOfIssue(asOf);
  if (issue) return { issues: [issue] };
  const snapshot = await openSnapshot(c);
  const view = snapshot.view(revision);
  return view.ok ? { snapshot, view: view.value, asOf, until } : { issues: view.issues };
}

/** A page about these facts. Its script may ask if it `connects`. */
export async function replyWithFacts(
  c: Context<Env>,
  place: NavigationLink,
  page: (facts: Facts) => Promise<Page | Response>,
  { connects = false } = {},
): Promise<Response> {
  const facts = await factsAsked(c);
  if ('issues' in facts) {
    const { issues } = facts;
    return sendPage(statusOf(issues), <RefusedPage title="No answer" place={place} issues={issues} />);
  }
  const { snapshot, view, asOf, until } = facts;
  const made = await page(facts);
  if (made instanceof Response) return made;
  return replyWithPage(c, {
    // Pages call the day of the clock today.
    etag: etagOf(c, view.stamp.digest, asOf, today()),
    stale: snapshot.stale,
    page: async () => made,
    connects,
    ready: { snapshot, until },
  });
}
