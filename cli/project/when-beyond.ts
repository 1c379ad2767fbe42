/** When an index satisfies a requirement that no package set does. */
import type { Diagnostic, Pinwheel } from '../../resolver/index.ts';
import { withoutPlace } from '../ask/file-requirement.ts';
import { readBeyond } from './beyond.ts';
import type { BeyondOptions } from './options.ts';
import type { Question, QuestionOptions } from './question.ts';

/** What the index has on the day of the question; null without an index, or if it has nothing. */
export async function whenBeyond(
  pinwheel: Pinwheel,
  requirement: string,
  options: QuestionOptions & BeyondOptions,
  asked: Question,
): Promise<Diagnostic | null> {
  const compatibility_date = asked.as_of ?? new Date().toISOString().slice(0, 10);
  const place = { ...asked, compatibility_date };
  const { question, index } = await readBeyond(pinwheel, options, place, [withoutPlace(requirement)]);
  if (index === null) return null;
  const outcome = await pinwheel.safeResolve({ ...question, requirements: [requirement] });
  const found = outcome.ok ? outcome.value.packages.find(({ requested }) => requested) : undefined;
  if (!found) return null;
  const { name, version, wheel } = found;
  const uploaded = wheel.upload_time ? `, uploaded on ${wheel.upload_time.slice(0, 10)}` : '';
  return {
    severity: 'info',
    code: 'in_index',
    message: `The index ${wheel.index ?? index.url} has ${name} ${version}${uploaded}: with it, the requirement holds on ${compatibility_date}.`,
    fix: null,
  };
}
