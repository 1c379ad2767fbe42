import { Hono } from 'hono';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import type { Fault } from '../../../resolver/fault.ts';
import { snapshotFor } from '../../api/app.ts';
import { today } from '../../api/question.ts';
import { etagOf } from '../../api/reply.ts';
import type { Env } from '../../env.ts';
import { openSet } from '../../storage/isolate.ts';
import { readQuestion } from '../parts/question.ts';
import { replyWithPage, sendPage } from '../parts/respond.ts';
import { statusOf } from '../parts/status.ts';
import { readFilter, sinceFaults } from './filter.ts';
import { PackagesPage } from './packages-page.tsx';

export const packagesPage = new Hono<Env>();

packagesPage.get('/packages', async (c) => {
  const asked = readQuestion(c.req.queries(), today());
  const filter = readFilter(c.req.queries());
  const snapshot = await snapshotFor(c);
  const form = { asked: asked.asked, filter: filter.asked };
  const refuse = (faults: readonly Fault[]) => {
    const sets = [...snapshot.head.sets.values()];
    return sendPage(statusOf(faults), <PackagesPage {...form} sets={sets} faults={faults} />);
  };
  if (!asked.outcome.ok || !filter.outcome.ok) {
    return refuse([asked.outcome, filter.outcome].flatMap((one) => (one.ok ? [] : one.faults)));
  }
  const question = asked.outcome.value;
  const view = snapshot.view(question.revision);
  if (!view.ok) return refuse(view.faults);
  const target = selectTarget(view.value, question.question);
  const faults = [...(target.ok ? [] : target.faults), ...sinceFaults(filter.outcome.value, view.value)];
  if (!target.ok || faults.length > 0) return refuse(faults);

  const { sets, stamp } = view.value;
  const { package_set, as_of, compatibility_date } = target.value;
  const wanted = filter.outcome.value;
  return replyWithPage(c, {
    etag: etagOf(c, stamp.digest, as_of, compatibility_date),
    stale: snapshot.stale,
    page: async () => (
      <PackagesPage
        {...form}
        sets={[...sets.values()]}
        found={{
          answer: { question, target: target.value, stamp, head: sets.get(package_set.flag)! },
          filter: wanted,
          set: await openSet(c.env, package_set.digest),
          since: wanted.since === undefined ? null : await openSet(c.env, sets.get(wanted.since)!.digest),
          origin: c.env.PUBLIC_URL,
        }}
      />
    ),
  });
});
