import type { Context } from 'hono';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { Outcome } from '../../resolver/issue.ts';
import type { Env } from '../env.ts';
import { snapshotFor } from './app.ts';
import { problemOf } from './problem.ts';
import { endOfToday, today } from './question.ts';
import { replyReadily } from './ready.ts';
import { etagOf } from './reply.ts';

/** What a question is asked as of; both left out, the answer is the newest registry's of today. */
interface Moment {
  as_of?: string | undefined;
  revision?: number | undefined;
}

/** Answers a question of which the answer changes with the revision and the day alone. */
export async function replyAsOf(
  c: Context<Env>,
  { as_of, revision }: Moment,
  answer: (view: CatalogView, asOf: string) => Promise<Outcome<object>>,
): Promise<Response> {
  const until = endOfToday();
  const snapshot = await snapshotFor(c);
  const view = snapshot.view(revision);
  if (!view.ok) return problemOf(view.issues);
  const asOf = as_of ?? today();
  const outcome = await answer(view.value, asOf);
  if (!outcome.ok) return problemOf(outcome.issues);
  const given = {
    body: JSON.stringify(outcome.value),
    etag: etagOf(c, view.value.stamp.digest, asOf),
    immutable: revision !== undefined && as_of !== undefined,
    stale: snapshot.stale,
  };
  return replyReadily(c, given, snapshot, until);
}
