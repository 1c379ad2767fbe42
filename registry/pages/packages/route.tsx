import { Hono } from 'hono';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import { type Issue, selectTarget } from '../../../resolver/index.ts';
import type { Env } from '../../env.ts';
import { endOfToday, today } from '../../http/day.ts';
import { readForm } from '../../http/form.ts';
import { statusOf } from '../../http/problem.ts';
import { etagOf } from '../../http/reply.ts';
import { openSet, openSnapshot } from '../../storage/isolate.ts';
import { replyWithPage, sendPage } from '../components/respond.tsx';
import { packagesIn } from '../components/words.ts';
import { readFilter, sinceIssues } from './filter.ts';
import { PackagesPage } from './packages-page.tsx';

export const packagesPage = new Hono<Env>();

packagesPage.get('/packages', async (c) => {
  const until = endOfToday();
  const { searchParams } = new URL(c.req.url);
  const asked = readForm(searchParams, today());
  const filter = readFilter(searchParams);
  const snapshot = await openSnapshot(c);
  const form = { asked: asked.asked, filter: filter.asked };
  const refuse = (issues: readonly Issue[]) => {
    return sendPage(statusOf(issues), <PackagesPage {...form} view={snapshot.head} issues={issues} />);
  };
  if (!asked.outcome.ok || !filter.outcome.ok) {
    return refuse([asked.outcome, filter.outcome].flatMap((one) => (one.ok ? [] : one.issues)));
  }
  const question = asked.outcome.value;
  const view = snapshot.view(question.revision);
  if (!view.ok) return refuse(view.issues);
  const target = selectTarget(view.value, question.question);
  const issues = [...(target.ok ? [] : target.issues), ...sinceIssues(filter.outcome.value, view.value)];
  if (!target.ok || issues.length > 0) return refuse(issues);

  const { sets, stamp } = view.value;
  const { package_set, as_of, compatibility_date } = target.value;
  const wanted = filter.outcome.value;
  return replyWithPage(c, {
    etag: etagOf(c, stamp.digest, as_of, compatibility_date),
    stale: snapshot.stale,
    ready: { snapshot, until },
    page: async () => {
      const set = await openSet(c.env, package_set.digest);
      return (
        <PackagesPage
          {...form}
          view={view.value}
          found={{
            answer: {
              ...{ question, target: target.value, stamp, head: sets.get(package_set.flag)! },
              packageCount: packagesIn(set.members),
              blocks: copyBlocks({
                ...{ target: target.value, date: dateThatGives(view.value, target.value) },
                ...{ packages: [], index: null },
              }),
            },
            filter: wanted,
            set,
            since: wanted.since === undefined ? null : await openSet(c.env, sets.get(wanted.since)!.digest),
            origin: c.env.PUBLIC_URL,
          }}
        />
      );
    },
  });
});
