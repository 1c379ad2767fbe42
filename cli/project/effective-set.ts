/** The package set of a project, together with what an index or `--set` has for its requirements. */

import { isBeyond } from '../../resolver/formats/closure-members.ts';
import {
  closureMembers,
  type Member,
  type PackageSet,
  type Pinwheel,
  prepareSet,
} from '../../resolver/index.ts';
import { type FileRequirement, placesOf, withoutPlace } from '../ask/file-requirement.ts';
import type { SetAnswer } from '../ask/package-set.ts';
import { withWheelUrl } from '../ask/requirement.ts';
import { type Beyond, readBeyond } from './beyond.ts';
import type { BeyondOptions } from './options.ts';
import type { Question, QuestionOptions } from './question.ts';

export interface EffectiveSet {
  set: SetAnswer;
  /** The set of `--set`, or null. */
  own: PackageSet | null;
  /** The question with which a failure is explained. */
  question: Question;
}

/** If the requirements have no answer, the set is unchanged, and each of them is explained. */
export async function effectiveSet(
  pinwheel: Pinwheel,
  set: SetAnswer,
  options: QuestionOptions & BeyondOptions,
  asked: Question,
  requirements: readonly string[],
): Promise<EffectiveSet> {
  const listed = requirements.map(withoutPlace).map(withWheelUrl);
  return setWith(pinwheel, set, await readBeyond(pinwheel, options, asked, listed), listed);
}

/** The same, with an open index. */
export async function setWith(
  pinwheel: Pinwheel,
  set: SetAnswer,
  { question, index, set: own }: Pick<Beyond, 'question' | 'index' | 'set'>,
  listed: readonly FileRequirement[],
): Promise<EffectiveSet> {
  if (index === null && own === null) return { set, own, question };
  const base = own ? { ...set, flag: own.flag, packages: own.packages } : set;
  const texts = listed.map(({ text }) => text);
  const outcome = await resolveMost(pinwheel, question, texts);
  if (!outcome.ok) return { set: base, own, question };
  const beyond = outcome.value.packages.filter(isBeyond);
  const members = await closureMembers(beyond, prepareSet(base), index);
  return { set: { ...base, packages: merged(base.packages, members) }, own, question };
}

/** Leaves out the requirements that cannot be satisfied, and resolves the others. */
async function resolveMost({ safeResolve }: Pinwheel, question: Question, requirements: readonly string[]) {
  const whole = await safeResolve({ ...question, requirements });
  if (whole.ok) return whole;
  const failing = new Set(whole.issues.flatMap(placesOf));
  const rest = requirements.filter((_, at) => !failing.has(at));
  return rest.length < requirements.length ? safeResolve({ ...question, requirements: rest }) : whole;
}

function merged(packages: readonly Member[], more: readonly Member[]): Member[] {
  const byName = new Map([...packages, ...more].map((member) => [member.name, member]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
