/** How a Worker is affected by each later compatibility date. */
import type { Target } from '../answer.ts';
import type { explain } from '../closure/explain.ts';
import { parseRequirements } from '../closure/resolve.ts';
import { selectRoots } from '../closure/select.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import type { Finding } from '../python/finding.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { CompareAnswer } from './answers.ts';
import { type CompareQuestion, type CompareSource, comparison } from './compare.ts';
import { sameTarget, targetSpans } from './targets.ts';

export interface UpgradeQuestion extends Omit<CompareQuestion, 'to'> {
  /** The findings in the project's files on a date, in addition to its requirements. */
  judge?: ((date: string) => Promise<readonly Finding[]>) | undefined;
}

/** `same`: nothing in the question changes; `changes`: it still works, with other versions. */
export type Verdict = 'same' | 'changes' | 'fails';

/** The outcome of one requirement in a period; `excluded` by its marker. */
export interface RequirementState {
  verdict: Verdict | 'excluded';
  /** What the set pins; null if it has no such package. */
  version: string | null;
}

/** Compatibility dates over which the answer stays the same, both included. */
export interface UpgradeStep {
  from: string;
  to: string;
  verdict: Verdict;
  target: Target;
  /** From the Worker as it is to these dates. */
  comparison: CompareAnswer;
  /** In the order of the requirements. */
  requirements: RequirementState[];
  findings: readonly Finding[];
}

export interface UpgradeAnswer {
  /** The Worker as it is. */
  from: Target;
  requirements: Requirement[];
  /** The oldest first. */
  steps: UpgradeStep[];
  /** The newest date at which nothing changes, and at which everything works; null if there is none. */
  newest_same: string | null;
  newest_working: string | null;
}

/** Every period up to `as_of`, compared with the Worker at `from`. */
export async function upgrade(
  view: CatalogView,
  question: UpgradeQuestion,
  source: CompareSource,
): Promise<Outcome<UpgradeAnswer>> {
  const { judge, ...asked } = question;
  const itself = await comparison(view, { ...asked, to: question.from }, source, unexplained);
  if (!itself.ok) return itself;
  const parsed = parseRequirements(question.requirements ?? []);
  if (!parsed.ok) return parsed;
  const requirements = parsed.value;
  const { from } = itself.value;
  const before = await statesOf(itself.value, requirements, source);
  const known = judge ? await judge(from.compatibility_date) : [];

  const spans = targetSpans(view, asked, judge && pythonFlagDates(view, question.as_of));
  if (!spans.ok) return spans;
  const steps: UpgradeStep[] = [];
  for (const { from: first, to: last, value: target } of spans.value) {
    const isOwn = first <= from.compatibility_date && from.compatibility_date <= last;
    const day = isOwn ? from.compatibility_date : last;
    const outcome = await comparison(view, { ...asked, to: day }, source, unexplained);
    if (!outcome.ok) return outcome;
    const findings = !judge ? [] : isOwn ? known : await judge(day);
    const previous = steps.at(-1);
    if (previous && sameTarget(previous.target, target) && isEqual(previous.findings, findings)) {
      previous.to = last;
      continue;
    }
    const states = await statesOf(outcome.value, requirements, source);
    steps.push({
      from: first,
      to: last,
      verdict: verdictOf(outcome.value, known, findings),
      target,
      comparison: outcome.value,
      requirements: states.map((state, at) => {
        const isMoved = state.verdict === 'same' && state.version !== before[at]!.version;
        return isMoved ? { ...state, verdict: 'changes' } : state;
      }),
      findings,
    });
  }
  const same = steps.findLast(({ verdict }) => verdict === 'same');
  const working = steps.findLast(({ verdict }) => verdict !== 'fails');
  const value = {
    ...{ from, requirements, steps },
    newest_same: same?.to ?? null,
    newest_working: working?.to ?? null,
  };
  return { ok: true, value };
}

/** Steps say how many requirements fail, not what would help. */
const unexplained: typeof explain = async (issues) => [...issues];

/** The dates at which flags about Python turn on: what files may do can change there, too. */
function pythonFlagDates(view: CatalogView, until: string): Set<string> {
  const python = view.flags.filter(({ field }) => /python/i.test(field));
  return new Set(python.flatMap(({ enable_date: day }) => (day !== null && day <= until ? [day] : [])));
}

/** The requirements that are the `same`, or that fail at one end of the comparison. */
async function statesOf(
  { to: { package_set, runtime }, closure }: CompareAnswer,
  requirements: readonly Requirement[],
  source: CompareSource,
): Promise<RequirementState[]> {
  const set = await source.openSet(package_set);
  const failing = new Set(closure?.failing.flatMap(({ index, repeats }) => [index, ...repeats]));
  return requirements.map((requirement, at) => {
    const index = set.index.get(requirement.name);
    const version = index === undefined ? null : set.members[index]!.version;
    if (failing.has(at)) return { verdict: 'fails', version };
    const { roots } = selectRoots(package_set.flag, set, [requirement], () => markerEnvironment(runtime));
    return roots.size === 0 ? { verdict: 'excluded', version: null } : { verdict: 'same', version };
  });
}

function isEqual(a: readonly Finding[], b: readonly Finding[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function verdictOf(
  { closure, python, from, to }: CompareAnswer,
  known: readonly Finding[],
  findings: readonly Finding[],
): Verdict {
  const isError = ({ severity }: Finding) => severity === 'error';
  if ((closure && closure.failing.length > 0) || findings.some(isError)) return 'fails';
  const before = new Set(known.map(({ path, line, message }) => `${path} ${line} ${message}`));
  const isNew = findings.some(({ path, line, message }) => !before.has(`${path} ${line} ${message}`));
  const moves = python.changed || from.runtime.abi !== to.runtime.abi;
  return moves || isNew || closure?.affected ? 'changes' : 'same';
}
