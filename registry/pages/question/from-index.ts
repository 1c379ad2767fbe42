/** An answer of which the operator's index has a part, as what to copy: all of it, with what the set has. */
import type { CatalogView, Outcome, Target, TargetQuestion } from '../../../resolver/index.ts';
import { IndexError } from '../../../resolver/solver/index.ts';
import type { Bindings } from '../../env.ts';
import { blocksBeyond } from '../../index/beyond.ts';
import { settledDay } from '../../index/kept-index.ts';
import { askBeyond, openFor } from '../../index/question.ts';
import type { FromIndex } from './words.ts';

/**
 * Null without an answer of the index.
 * @param date that gives the target, or null
 */
export async function answerTogether(
  env: Bindings,
  view: CatalogView,
  question: TargetQuestion,
  target: Target,
  requirements: readonly string[],
  date: string | null,
): Promise<Outcome<FromIndex> | null> {
  const open = openFor(env);
  if (open.url === null) return null;
  const exclude_newer = [target.compatibility_date, settledDay()].sort()[0]!;
  try {
    const asked = { ...question, exclude_newer, requirements, index: true };
    const outcome = await askBeyond(env, view, asked, undefined, open);
    if (!outcome.ok) return outcome;
    const { packages } = outcome.value.answer;
    const index = { url: open.url, exclude_newer };
    return {
      ok: true,
      value: { requirements, packages, blocks: blocksBeyond(env, { target, packages }, date, index), index },
    };
  } catch (error) {
    if (error instanceof IndexError) return null;
    throw error;
  }
}
