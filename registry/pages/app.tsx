/** The pages: the questions of the API with forms around them, whole without JavaScript. */
import { Hono } from 'hono';
import { selectTarget } from '../../resolver/compatibility/target.ts';
import type { Fault } from '../../resolver/fault.ts';
import { snapshotFor } from '../api/app.ts';
import { PROBLEMS, type ProblemCode } from '../api/problem.ts';
import { today } from '../api/question.ts';
import { etagOf } from '../api/reply.ts';
import type { Env } from '../env.ts';
import { openSet, StorageUnavailable } from '../storage/isolate.ts';
import { assets } from './assets.ts';
import { FailurePage } from './failure-page.tsx';
import { PackagesPage } from './packages-page.tsx';
import { readQuestion } from './question.ts';
import { replyWithPage, sendPage } from './respond.ts';

export const pages = new Hono<Env>();

pages.route('/', assets);

pages.get('/', (c) => c.redirect('/packages', 302));

pages.get('/packages', async (c) => {
  const { asked, outcome } = readQuestion(c.req.queries(), today());
  const snapshot = await snapshotFor(c);
  const refuse = (faults: readonly Fault[]) => {
    const newest = snapshot.view(undefined);
    const sets = newest.ok ? [...newest.value.sets.values()] : [];
    return sendPage(statusOf(faults), <PackagesPage asked={asked} sets={sets} faults={faults} />);
  };
  if (!outcome.ok) return refuse(outcome.faults);

  const { question, revision } = outcome.value;
  const view = snapshot.view(revision);
  if (!view.ok) return refuse(view.faults);
  const target = selectTarget(view.value, question);
  if (!target.ok) return refuse(target.faults);

  const { package_set, as_of, compatibility_date } = target.value;
  return replyWithPage(c, {
    etag: etagOf(c, view.value.stamp.digest, as_of, compatibility_date),
    stale: snapshot.stale,
    page: async () => (
      <PackagesPage
        asked={asked}
        sets={[...view.value.sets.values()]}
        answer={{
          question: outcome.value,
          target: target.value,
          stamp: view.value.stamp,
          head: view.value.sets.get(package_set.flag)!,
          set: await openSet(c.env, package_set.digest),
          origin: c.env.PUBLIC_URL,
        }}
      />
    ),
  });
});

pages.onError((error) => {
  const code: ProblemCode = error instanceof StorageUnavailable ? 'storage_unavailable' : 'internal_error';
  console.error(error.message, error.cause ?? error);
  const { status, title } = PROBLEMS[code];
  return sendPage(status, <FailurePage title={title} temporary={code === 'storage_unavailable'} />);
});

/** The status that the API gives the same faults. */
function statusOf(faults: readonly Fault[]): number {
  const has = (kind: Fault['kind']) => faults.some((fault) => fault.kind === kind);
  if (has('unknown')) return PROBLEMS.not_found.status;
  return PROBLEMS[has('malformed') ? 'invalid_question' : 'unanswerable_question'].status;
}
