import { Hono } from 'hono';
import { addDays, asOfIssue, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { compare } from '../../../resolver/time/compare.ts';
import type { Env } from '../../env.ts';
import { snapshotFor } from '../../http/app.ts';
import { today } from '../../http/question.ts';
import { etagOf } from '../../http/reply.ts';
import { readRequirementLines } from '../home/requirement-lines.ts';
import { pageSource } from '../parts/history.ts';
import { readSingles } from '../parts/parameters.ts';
import { readQuestion } from '../parts/question.ts';
import { replyWithPage, sendPage } from '../parts/respond.ts';
import { statusOf } from '../parts/status.ts';
import { ComparePage } from './compare-page.tsx';

export const comparePage = new Hono<Env>();

/** Without its two sides the page compares a year ago with the day of the question. */
comparePage.get('/compare', async (c) => {
  const parameters = c.req.queries();
  const { asked, outcome } = readQuestion(parameters, today());
  const { singles, issues } = readSingles(parameters, ['from', 'to', 'requirements']);
  const asOf = isCalendarDay(asked.as_of) ? asked.as_of : today();
  const { from = addDays(asOf, -365), to = asOf } = singles;
  const { requirements: pasted, remarks } = readRequirementLines(singles.requirements ?? '');
  const requirements = [...(parameters.requirement ?? []).filter((text) => text !== ''), ...pasted];

  const snapshot = await snapshotFor(c);
  const form = { asked, from, to, requirements, origin: c.env.PUBLIC_URL };
  const refuse = (refused: readonly Issue[]) =>
    sendPage(
      statusOf(refused),
      <ComparePage {...form} sets={[...snapshot.head.sets.values()]} issues={refused} />,
    );
  if (!outcome.ok) return refuse([...outcome.issues, ...issues]);
  const { question, revision } = outcome.value;
  const wrongDay = asOfIssue(question.as_of);
  if (wrongDay || issues.length > 0) return refuse(wrongDay ? [wrongDay, ...issues] : issues);
  const view = snapshot.view(revision);
  if (!view.ok) return refuse(view.issues);
  const answer = await compare(
    view.value,
    { ...question, from, to, requirements },
    pageSource(c.env, view.value),
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
        remarks={remarks}
      />
    ),
  });
});
