import type { Context } from 'hono';
import { asOfIssue } from '../../../resolver/compatibility/date.ts';
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import type { Issue } from '../../../resolver/issue.ts';
import type { Env } from '../../env.ts';
import { endOfToday, today } from '../../http/day.ts';
import { queryFields } from '../../http/fields.ts';
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

/**
 * A page about the catalog at a revision and a day, by default the newest and today. Its script may ask if it
 * `connects`.
 */
export async function replyWithFacts(
  c: Context<Env>,
  place: NavigationLink,
  page: (facts: Facts) => Promise<Page | Response>,
  { connects = false } = {},
): Promise<Response> {
  const until = endOfToday();
  const { outcome } = readForm(queryFields(c.req.url), today());
  const refuse = (issues: readonly Issue[]) =>
    sendPage(statusOf(issues), <RefusedPage title="No answer" place={place} issues={issues} />);
  if (!outcome.ok) return refuse(outcome.issues);
  const { question, revision } = outcome.value;
  const asOf = question.as_of;
  const issue = asOfIssue(asOf);
  if (issue) return refuse([issue]);
  const snapshot = await openSnapshot(c);
  const view = snapshot.view(revision);
  if (!view.ok) return refuse(view.issues);
  const made = await page({ snapshot, view: view.value, asOf, until });
  if (made instanceof Response) return made;
  return replyWithPage(c, {
    etag: etagOf(c, view.value.stamp.digest, asOf),
    stale: snapshot.stale,
    page: async () => made,
    connects,
    ready: { snapshot, until },
  });
}
