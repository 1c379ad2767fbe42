/** The answer to a question with a second date, by the same code in the registry and in the browser. */

import { explain } from '../../../resolver/closure/explain.ts';
import { addDays, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import type {
  CatalogView,
  CompareAnswer,
  CompareSource,
  Diagnostic,
  Issue,
  Outcome,
  Target,
} from '../../../resolver/index.ts';
import type { UnmetIssue } from '../../../resolver/issues/closure.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { knownName } from '../../../resolver/python/known-names.ts';
import { fieldsNamed } from '../../../resolver/question/fields.ts';
import { type Needs, readNeeds, type Side } from '../../../resolver/time/changes.ts';
import { comparison } from '../../../resolver/time/compare.ts';
import {
  type RequirementState,
  statesOf,
  type UpgradeAnswer,
  type UpgradeQuestion,
  upgrade,
} from '../../../resolver/time/upgrade.ts';
import { flagEffects } from '../../facts/flag-effects.ts';
import type { FormQuestion, readWranglerForm } from '../../http/form.ts';
import { type Form, readFields } from '../../http/question.ts';
import { type Address, addressOf } from '../components/addresses.ts';
import { type UnknownPackage, unmetIn, without } from './words.ts';

/** The current Worker and the destination: dates, or package flags. */
export interface Sides {
  from: string;
  to: string;
}

export interface Upgrade {
  asking: FormQuestion;
  sides: Sides;
  answer: UpgradeAnswer;
  at: Arrival;
  /** The names that no set of any date has: the rest of the answer is about the others. */
  unmet: readonly UnknownPackage[];
  /** Whether the files of a project were read. */
  isJudged: boolean;
}

/** The Worker at `to`. */
export interface Arrival {
  comparison: CompareAnswer;
  issues: readonly Issue[];
  remarks: readonly Diagnostic[];
  /** Each requirement on both sides. */
  before: readonly RequirementState[];
  after: readonly RequirementState[];
  /** Modules that a runtime has itself. */
  providedIn: ProvidedIn;
}

/**
 * The current Worker is that of a pasted wrangler file, or of `from`, or of `date` as in other pages, or of a year
 * before the day of the question, which is the default of `to`.
 */
export function readSides(
  form: Form,
  { asked, outcome }: ReturnType<typeof readWranglerForm>,
  today: string,
): { sides: Sides; issues: Issue[] } {
  const { texts, issues } = readFields(form, fieldsNamed('from', 'to'));
  const asOf = isCalendarDay(asked.as_of) ? asked.as_of : today;
  const pasted = outcome.ok && asked.wrangler.trim() !== '';
  const dated = pasted || asked.date !== '' ? asked.date : null;
  const { to = asOf } = texts;
  const from = pasted ? dated! : (texts.from ?? dated ?? addDays(asOf, -365));
  return { sides: { from, to }, issues };
}

/**
 * `known`: the answer over all dates, if it has been computed before. `replaced`: the modules that were typed, by the names
 * of the packages in their places.
 */
export async function answerUpgrade(
  view: CatalogView,
  asking: FormQuestion,
  sides: Sides,
  given: CompareSource,
  {
    judge,
    known,
    replaced,
  }: {
    judge?: UpgradeQuestion['judge'];
    known?: UpgradeAnswer | null;
    replaced?: ReadonlyMap<string, string> | undefined;
  } = {},
): Promise<Outcome<Upgrade>> {
  const { question } = asking;
  const source = { ...given, flagEffects };
  const documents = await source.standardLibrary?.();
  const providedIn: ProvidedIn = (name, target) => {
    const known = documents ? knownName(replaced?.get(name) ?? name, documents, target, view) : null;
    return known?.because === 'provided' ? known : null;
  };
  const ask = async (requirements: readonly string[]) => {
    const needs = withModules(readNeeds(requirements, source), providedIn);
    return { requirements, needs, at: await arrivalAt(view, asking, sides, needs, source, providedIn) };
  };
  const whole = await ask(asking.requirements);
  const unmet = whole.at.ok ? await lackedBy(whole.at.value, source) : [];
  const { requirements, needs, at } =
    unmet.length > 0 ? await ask(without(whole.requirements, unmet)) : whole;
  if (!at.ok) return at;
  const asked = { ...question, from: sides.from, requirements, judge };
  const answer = known ? ({ ok: true, value: known } as const) : await upgrade(view, asked, source, needs);
  if (!answer.ok) return answer;
  const isJudged = judge !== undefined;
  return { ok: true, value: { asking, sides, answer: answer.value, at: at.value, unmet, isJudged } };
}

type ProvidedIn = (name: string, target: Target) => FixOf<'leave_out'> | null;

/** A module is met wherever the runtime has it itself. */
function withModules(needs: Outcome<Needs>, providedIn: ProvidedIn): Outcome<Needs> {
  if (!needs.ok) return needs;
  const { requirements, sideIn } = needs.value;
  const sides = new Map<Side, Side>();
  const sideWith = async (target: Target) => {
    const side = await sideIn(target);
    const known = sides.get(side);
    if (known) return known;
    const isOpen = ({ code, package: name }: UnmetIssue) =>
      code !== 'unknown_package' || providedIn(name, target) === null;
    const open = { ...side, issues: side.issues.filter(isOpen) };
    sides.set(side, open);
    return open;
  };
  return { ok: true, value: { requirements, sideIn: sideWith } };
}

/**
 * Names that no set has are of no use for the rest of the answer; but a module that the runtime had until then is lost.
 */
async function lackedBy({ issues, before }: Arrival, source: CompareSource): Promise<UnknownPackage[]> {
  return (await unmetIn(issues, source)).filter(({ index }) => !isMet(before[index]!));
}

export const isMet = ({ verdict }: RequirementState) => verdict === 'same' || verdict === 'changes';

async function arrivalAt(
  view: CatalogView,
  { question, remarks }: FormQuestion,
  sides: Sides,
  needs: Outcome<Needs>,
  source: CompareSource,
  providedIn: ProvidedIn,
): Promise<Outcome<Arrival>> {
  let issues: readonly UnmetIssue[] = [];
  const explaining: typeof explain = async (...failing) => {
    const explained = await explain(...failing);
    issues = explained;
    return explained;
  };
  const compared = await comparison(view, { ...question, ...sides }, needs, source, explaining);
  if (!compared.ok) return compared;
  const { from, to, diagnostics } = compared.value;
  if (!needs.ok) return needs;
  const { requirements, sideIn } = needs.value;
  const before = statesOf(view, from, await sideIn(from), requirements);
  const versions = before.map(({ version }) => version);
  const after = statesOf(view, to, await sideIn(to), requirements, versions);
  const said = { comparison: compared.value, issues, remarks: [...remarks, ...diagnostics] };
  return { ok: true, value: { ...said, before, after, providedIn } };
}

/** The range of the slider: from half a year before the first change to the day of the question. */
export function boundsOf({ answer: { steps, from }, at }: Upgrade): { first: string; last: string } {
  const change = addDays(steps[1]?.from ?? steps[0]!.to, -180);
  const dates = [change, from.compatibility_date, at.comparison.to.compatibility_date];
  return { first: dates.sort()[0]!, last: steps.at(-1)!.to };
}

/** The address of a move, perhaps to another date, or at a revision. */
export function moveOf({ asking, sides }: Pick<Upgrade, 'asking' | 'sides'>, changes: Partial<Address> = {}) {
  return { ...addressOf(asking), date: sides.from, to: sides.to, ...changes };
}
