import { Hono } from 'hono';
import { addDays, asOfIssue, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { compare } from '../../../resolver/time/compare.ts';
import type { Env } from '../../env.ts';
import { today } from '../../http/day.ts';
import { readSingles } from '../../http/fields.ts';
import { readForm } from '../../http/form.ts';
import { statusOf } from '../../http/problem.ts';
import { etagOf } from '../../http/reply.ts';
import { sourceOf } from '../../storage/history.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { replyWithPage, sendPage } from '../parts/respond.ts';
import { ComparePage } from './compare-page.tsx';

export const comparePage = new Hono<Env>();

/** Without its two sides the page compares a year ago with the day of the question. */
comparePage.get('/compare', async (c) => {
  const fields = c.req.queries();
  const { asked, outcome } = readForm(fields, today());
  const { singles, issues } = readSingles(fields, ['from', 'to']);
  const asOf = isCalendarDay(asked.as_of) ? asked.as_of : today();
  const { from = addDays(asOf, -365), to = asOf } = singles;

  const snapshot = await openSnapshot(c);
  const form = { asked, from, to, origin: c.env.PUBLIC_URL };
  const refuse = (refused: readonly Issue[]) =>
    sendPage(
      statusOf(refused),
      <ComparePage {...form} sets={[...snapshot.head.sets.values()]} issues={refused} />,
    );
  if (!outcome.ok) return refuse([...outcome.issues, ...issues]);
  const { question, revision, requirements } = outcome.value;
  const wrongDay = asOfIssue(question.as_of);
  if (wrongDay || issues.length > 0) return refuse(wrongDay ? [wrongDay, ...issues] : issues);
  const view = snapshot.view(revision);
  if (!view.ok) return refuse(view.issues);
  const answer = await compare(
    view.value,
    { ...question, from, to, requirements },
    sourceOf(c.env, view.value),
  );
  if (!answer.ok) return refuse(answer.issues);
  return replyWithPage(c, {
    etag: etagOf(c, view.value.stamp.digest, question.as_of, to),
    stale: snapshot.stale,
    page: async () => (
      <ComparePage
        {...form}
        sets={[...view.value.sets.values()]}
        question={outcome.value}
        answer={answer.value}
      />
    ),
  });
});
