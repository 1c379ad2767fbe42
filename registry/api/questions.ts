/** Answers `/v1/compare`, `/v1/check` and `/v1/audit`. */
import { audit, type Solve } from '../../resolver/audit/audit.ts';
import { answerResolve } from '../../resolver/closure/resolve.ts';
import { type CompareSource, compare } from '../../resolver/index.ts';
import { check } from '../../resolver/pinwheel/check.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { flagEffects } from '../facts/flag-effects.ts';
import { readModules, standardLibrary } from '../facts/standard-library.ts';
import { MOST_ERRORS, TARGET, UNDATED } from '../http/question.ts';
import { type Answer, type Asked, answerOf } from '../http/route.ts';
import { askBeyond, EFFORT, openFor } from '../package-index/question.ts';
import { auditSourceOf, sourceOf } from '../storage/history.ts';
import { type Asking, asksIndex, fromIndex } from './resolve.ts';

export const COMPARE = { ...UNDATED, ...fieldsNamed('from', 'to', 'requirements') };

export async function answerCompare({
  query,
  env,
  view,
}: Asked<Settled & Reading<typeof COMPARE>, unknown>): Promise<Answer> {
  const { from, to } = query;
  const source: CompareSource = { ...sourceOf(env, view), readModules, flagEffects };
  return answerOf(await compare(view, { ...query, from: from!, to: to! }, source));
}

export const CHECK = { ...TARGET, ...fieldsNamed('requirements', 'files', 'main') };

/** The findings of `pinwheel check`, for the files of a body. */
export async function answerCheck({
  query,
  view,
  env,
}: Asked<Settled & Reading<typeof CHECK>, unknown>): Promise<Answer> {
  const source = {
    ...{ ...auditSourceOf(env, view), standardLibrary },
    view: async () => ({ ok: true as const, value: view }),
  };
  return answerOf(await check(view, { ...query, files: query.files ?? {} }, source));
}

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
