import { audit, type Solve } from '../../resolver/audit/audit.ts';
import { answerResolve } from '../../resolver/closure/resolve.ts';
import { MOST_ERRORS } from '../http/question.ts';
import { type Answer, answerOf } from '../http/route.ts';
import { askBeyond, EFFORT, openFor } from '../index/question.ts';
import { auditSourceOf } from '../storage/history.ts';
import { type Asking, asksIndex, fromIndex } from './resolve.ts';

/** The share of a question's effort that each proposed change may take. */
const SHARE = 1 / 32;

export async function answerAudit({ query, view, env }: Asking): Promise<Answer> {
  const source = { ...auditSourceOf(env, view), explained: MOST_ERRORS };
  const isBeyond = asksIndex(query);
  const open = openFor(env);
  let effort = EFFORT;
  const solve: Solve = async (known, other) => {
    if (!isBeyond) return answerResolve(known, other, source);
    const outcome = await askBeyond(env, known, { ...other, index: query.index }, effort, open);
    effort = EFFORT * SHARE;
    return outcome.ok ? { ok: true, value: outcome.value.answer } : outcome;
  };
  const index = isBeyond ? { url: open.url ?? '' } : null;
  const question = { ...query, requirements: query.requirements ?? [], index };
  const ask = () => audit(view, question, source, solve);
  return isBeyond ? fromIndex(ask) : answerOf(await ask());
}
