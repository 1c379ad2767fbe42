import { type CompareSource, compare } from '../../resolver/index.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { flagEffects } from '../facts/flag-effects.ts';
import { readModules } from '../facts/standard-library.ts';
import { UNDATED } from '../http/question.ts';
import { type Answer, type Asked, answerOf } from '../http/route.ts';
import { sourceOf } from '../storage/history.ts';

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
