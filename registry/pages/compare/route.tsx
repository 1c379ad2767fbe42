import { Hono } from 'hono';
import { addDays, asOfFault, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import type { Fault } from '../../../resolver/fault.ts';
import { compare } from '../../../resolver/time/compare.ts';
import { snapshotFor } from '../../api/app.ts';
import { today } from '../../api/question.ts';
import { etagOf } from '../../api/reply.ts';
import type { Env } from '../../env.ts';
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
  const { singles, faults } = readSingles(parameters, ['from', 'to', 'requirements']);
  const asOf = isCalendarDay(asked.as_of) ? asked.as_of : today();
  const { from = addDays(asOf, -365), to = asOf } = singles;
  const { requirements: pasted, remarks } = readRequirementLines(singles.requirements ?? '');
  const requirements = [...(parameters.requirement ?? []).filter((text) => text !== ''), ...pasted];

  const snapshot = await snapshotFor(c);
  const form = { asked, from, to, requirements, origin: c.env.PUBLIC_URL };
  const refuse = (refused: readonly Fault[]) =>
    sendPage(
      statusOf(refused),
      <ComparePage {...form} sets={[...snapshot.head.sets.values()]} faults={refused} />,
    );
  if (!outcome.ok) return refuse([...outcome.faults, ...faults]);
  const { question, revision } = outcome.value;
  const wrongDay = asOfFault(question.as_of);
  if (wrongDay || faults.length > 0) return refuse(wrongDay ? [wrongDay, ...faults] : faults);
  const view = snapshot.view(revision);
  if (!view.ok) return refuse(view.faults);
  const answer = await compare(
    view.value,
    { ...question, from, to, requirements },
    pageSource(c.env, view.value),
  );
  if (!answer.ok) return refuse(answer.faults);
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
