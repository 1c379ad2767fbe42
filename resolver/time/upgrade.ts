/** How a Worker is affected by each later compatibility date. */
import type { Target } from '../answer.ts';
import { placeOf } from '../closure/candidates.ts';
import type { ResolveSource } from '../closure/source.ts';
import { selectTarget } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { allOf, type Outcome, placesOf } from '../issue.ts';
import type { Finding } from '../python/finding.ts';
import { evaluateMarker, markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { FlagSwitch } from './answers.ts';
import { changesOf, type Needs, readNeeds, type Side } from './changes.ts';
import {
  type CompareQuestion,
  type CompareSource,
  flagSwitches,
  mayAffectCode,
  questionOn,
} from './compare.ts';
import { targetSpans, workerdFlagsOf } from './targets.ts';

export interface UpgradeQuestion extends Omit<CompareQuestion, 'to'> {
  /** The findings in the project's files on a date, in addition to its requirements. */
  judge?: ((date: string) => Promise<readonly Finding[]>) | undefined;
}

/** `same`: nothing in the question changes; `changes`: it is met, with other versions. */
export type Verdict = 'same' | 'changes' | 'fails';

/** The outcome of one requirement in a period; `excluded` by its marker. */
export interface RequirementState {
  verdict: Verdict | 'excluded';
  /** The pinned version; null if the set has no such package. */
  version: string | null;
  /** Whether that wheel was yanked. */
  yanked: boolean;
}

/** Compatibility dates over which the answer stays the same, both included. */
export interface UpgradeStep {
  from: string;
  to: string;
  verdict: Verdict;
  target: Target;
  failing: number;
  requirements: RequirementState[];
  findings: readonly Finding[];
  /** The switches since the Worker's own date that may affect code; if files are judged, those of unknown effect. */
  flags: readonly FlagSwitch[];
}

export interface UpgradeAnswer {
  /** The Worker as it is. */
  from: Target;
  requirements: readonly Requirement[];
  /** The oldest first. */
  steps: UpgradeStep[];
  /** The newest date at which nothing changes, and at which everything works; null if there is none. */
  newest_same: string | null;
  newest_working: string | null;
}

/** Every period up to `as_of`, compared with the Worker at `from`. `needs` are the requirements, if they were read. */
export async function upgrade(
  view: CatalogView,
  question: UpgradeQuestion,
  source: ResolveSource & Pick<CompareSource, 'flagEffects'>,
  needs: Outcome<Needs> = readNeeds(question.requirements, source),
): Promise<Outcome<UpgradeAnswer>> {
  const { judge, ...asked } = question;
  const read = allOf(selectTarget(view, questionOn(asked, question.from)), needs);
  if (!read.ok) return read;
  const [from, { requirements, sideIn }] = read.value;
  const before = await sideIn(from);
  const versions = statesOf(view, from, before, requirements).map(({ version }) => version);
  const known = judge ? await judge(from.compatibility_date) : [];

  const named = new Set(workerdFlagsOf(asked));
  const isOpen = judge ? ({ python, effect }: FlagSwitch) => python && effect === null : mayAffectCode;
  const spans = targetSpans(view, asked, pythonFlagDates(view, question.as_of));
  if (!spans.ok) return spans;
  const own = from.compatibility_date;
  const switchesTo = (date: string) =>
    flagSwitches(view, named, own, date, source.flagEffects, { onlyPython: true }).filter(isOpen);
  // A flag that is on by a date is on at every later one, so the switches of a period are among those of a longer one.
  const earlier = switchesTo(spans.value[0]!.to);
  const later = switchesTo(spans.value.at(-1)!.to);
  const flagsOn = (date: string) =>
    date < own
      ? earlier.filter((change) => change.date > date)
      : later.filter((change) => change.date <= date);
  const states = new Map<Side, RequirementState[]>();
  const steps: UpgradeStep[] = [];
  for (const { from: first, to: last, value: target } of spans.value) {
    const isOwn = first <= from.compatibility_date && from.compatibility_date <= last;
    const findings = !judge ? [] : isOwn ? known : await judge(last);
    const flags = flagsOn(isOwn ? from.compatibility_date : last);
    const after = await sideIn(target);
    const verdict = verdictOf([from, before], [target, after], known, findings, flags);
    const previous = steps.at(-1);
    const isSame = () => JSON.stringify(previous!.findings) === JSON.stringify(findings);
    if (previous?.verdict === verdict && placeOf(previous.target) === placeOf(target) && isSame()) {
      previous.to = last;
      if (flags.length > previous.flags.length) previous.flags = flags;
      continue;
    }
    if (!states.has(after)) states.set(after, statesOf(view, target, after, requirements, versions));
    steps.push({
      from: first,
      to: last,
      verdict,
      target,
      failing: after.issues.length,
      requirements: states.get(after)!,
      findings,
      flags,
    });
  }
  const same = steps.findLast(({ verdict }) => verdict === 'same');
  const working = steps.findLast(({ verdict }) => verdict !== 'fails');
  const newest = { newest_same: same?.to ?? null, newest_working: working?.to ?? null };
  return { ok: true, value: { from, requirements, steps, ...newest } };
}

/** The dates at which flags about Python turn on: what files may do can change there, too. */
function pythonFlagDates(view: CatalogView, until: string): Set<string> {
  const python = view.flags.filter(({ field }) => /python/i.test(field));
  const days = python.flatMap(({ enable_date, implied_date }) =>
    [enable_date ?? [], implied_date ?? []].flat(),
  );
  return new Set(days.filter((day) => day <= until));
}

/** The states of requirements whose versions were `before`, in their order. */
export function statesOf(
  { yankedWheels }: CatalogView,
  target: Target,
  { issues, set }: Side,
  requirements: readonly Requirement[],
  before: readonly (string | null)[] = [],
): RequirementState[] {
  const failing = new Set(issues.flatMap(placesOf));
  const environment = markerEnvironment(target.runtime);
  return requirements.map(({ name, marker }, at) => {
    const { version = null, sha256 = '' } = set.members[set.index.get(name) ?? -1] ?? {};
    const yanked = yankedWheels.has(sha256);
    if (failing.has(at)) return { verdict: 'fails', version, yanked };
    if (marker && !evaluateMarker(marker, environment))
      return { verdict: 'excluded', version: null, yanked: false };
    return { verdict: version === before[at] ? 'same' : 'changes', version, yanked };
  });
}

function verdictOf(
  [from, before]: [Target, Side],
  [to, after]: [Target, Side],
  known: readonly Finding[],
  findings: readonly Finding[],
  flags: readonly FlagSwitch[],
): Verdict {
  const isError = ({ severity }: Finding) => severity === 'error';
  if (after.issues.length > 0 || findings.some(isError)) return 'fails';
  const wording = ({ path, line, message }: Finding) => `${path} ${line} ${message}`;
  const old = new Set(known.map(wording));
  const isNew = findings.some((finding) => !old.has(wording(finding)));
  const moves = from.runtime.python !== to.runtime.python || from.runtime.abi !== to.runtime.abi;
  return moves || isNew || flags.length > 0 || changesOf(before.members, after.members, []).affected
    ? 'changes'
    : 'same';
}
