/** The lock of a project, or of requirements that are named, for one Python or several. */
import { undeclaredRemarks } from '../../resolver/closure/undeclared.ts';
import { today } from '../../resolver/compatibility/date.ts';
import { evidenceIn } from '../../resolver/evidence-level.ts';
import { type LockSlice, toPylockOfTargets } from '../../resolver/formats/pylock.ts';
import type { CatalogView, Diagnostic, Issue } from '../../resolver/index.ts';
import { withEvidence, withoutModules } from '../../resolver/pinwheel/beyond.ts';
import type { TargetSlice, Unshared } from '../../resolver/solver/index.ts';
import { solveTargets } from '../../resolver/solver/targets/solve-targets.ts';
import { type Backend, openBackend, urlsOf } from '../ask/backend.ts';
import { builtHere, type Closure, lackOfWheels, placesIn } from '../ask/closure.ts';
import { type LockTarget, naming, questionsOf, readTargets } from '../ask/lock.ts';
import { type FileRequirement, locateIssues } from '../ask/requirement.ts';
import { answered, type LocatedIssue, refused, unanswered } from '../common/failure.ts';
import { readPlace } from './beyond.ts';
import { type ClosureOptions, filesOf, questionOf } from './closure.ts';
import { brokenConstraints, checkHashes } from './demands.ts';
import { grouped, placed } from './grouped.ts';
import { withHints } from './question.ts';
import { readRequirements } from './reading.ts';
import { type ProjectLock, readOwnLock } from './sources/project-lock.ts';
import { projectHome } from './wrangler-file.ts';

export interface LockOptions extends ClosureOptions {
  targets?: string[];
  check?: true;
}

export interface SolvedLock {
  home: string;
  /** The lock that the project has; null also for requirements that are named. */
  before: ProjectLock | null;
  slices: LockSlice[];
  unshared: readonly Unshared[];
  registry: Backend['registry'];
  /** Issues with what each Worker would lack with this lock. */
  lack(): Promise<Issue[]>;
}

/** Solves for the targets that are asked for, or those of the lock that the project has. */
export async function solveLock(named: readonly string[], options: LockOptions): Promise<SolvedLock> {
  const isNamed = named.length + options.requirements.length > 0;
  const backend = await openBackend(options);
  const { pinwheel } = backend;
  const place = await readPlace(pinwheel, options);
  const home = projectHome(options.config);
  const before = isNamed ? null : await readOwnLock(home);
  const words = options.targets ?? before?.targets ?? [];
  const targets = await readTargets(pinwheel, words, place, (issues) => withHints(issues, options));
  const hosts = targets.flatMap((target) =>
    'host' in target ? [new Map(Object.entries(target.host.markers))] : [],
  );
  const files = await filesOf(named, options);
  const reading = await readRequirements(pinwheel, place, named, { ...options, requirements: files, hosts });
  const { question, constraints } = reading;
  let requirements: readonly FileRequirement[] = reading.requirements;
  const index = withoutModules(reading.index, await pinwheel.source.standardLibrary());
  const asOf = question.as_of ?? today();
  const asked = { ...questionOf(reading), index };
  const solve = async (constraints = asked.constraints) => {
    const rest = { ...asked, requirements: textsOf(requirements), constraints };
    return solveTargets(await questionsOf(pinwheel, targets, rest, asOf, place.set));
  };
  // New versions in an index make no lock stale.
  const held =
    options.check && before && index
      ? await solve([...(asked.constraints ?? []), ...textsOf(before.requirements)])
      : null;
  let outcome = held?.ok ? held : await solve();
  // The solver does not limit the pins of a set. Added to the question, a constraint that cannot be satisfied is explained
  // as a requirement is.
  const broken = outcome.ok ? brokenIn(outcome.slices, targets, constraints) : [];
  if (broken.length > 0) {
    requirements = [...requirements, ...broken];
    outcome = await solve();
  }
  if (!outcome.ok) {
    const said = outcome.failures.map(async ({ name, issues }) => {
      const named = targets.find((target) => target.name === name);
      // For a Worker alone, resolve knows more: packages of no use in it, and dates and sets that have the requirements.
      const alone = named && 'question' in named ? { ...question, ...named.question } : null;
      const whole = alone && { ...alone, requirements: textsOf(requirements) };
      const resolved = whole && (await reading.pinwheel.safeResolve(whole));
      const known = resolved?.ok === false ? resolved.issues : reading.proposed(issues);
      const located = locateIssues(known, requirements);
      const each = placed(name === 'worker' ? withHints(located, options) : located, requirements);
      const shown = options.format === 'json' ? each : grouped(each);
      const told = shown.map(({ issue }) => issue);
      return naming(name, targets, told);
    });
    throw refused((await Promise.all(said)).flat());
  }
  const unlike = unlikeHashes(outcome.slices, targets, requirements);
  if (unlike.length > 0) throw unanswered(unlike);
  const view = place.set ? null : answered(await pinwheel.source.view(question.revision ?? undefined));
  const from = place.set ? { ...backend, registry: null } : backend;
  const folder = isNamed ? '' : home;
  const slices = await slicesOf(from, view, targets, outcome.slices, reading.folders, folder);
  return {
    ...{ home, before, slices, unshared: outcome.unshared, registry: backend.registry },
    async lack() {
      const whole = { ...asked, set: place.set };
      const lacking = slices.map(async (slice) => {
        if (!('target' in slice)) return [];
        const { packages } = slice.answer;
        const issues = await lackOfWheels(pinwheel, { packages, target: slice.target }, whole);
        return naming(slice.name, slices, issues);
      });
      return (await Promise.all(lacking)).flat();
    },
  };
}

/** The constraints that the packages of some target do not keep, each once. */
function brokenIn(
  slices: readonly TargetSlice[],
  targets: readonly LockTarget[],
  constraints: readonly FileRequirement[],
): FileRequirement[] {
  const broken = slices.flatMap(({ answer }, at) => {
    const target = targets[at]!;
    if (!('target' in target)) return [];
    const versions = new Map(answer.packages.map(({ name, version }) => [name, version]));
    return brokenConstraints(constraints, target.target.runtime, (name) => versions.get(name));
  });
  return [...new Set(broken)];
}

/** Issues about wheels whose hashes their requirements do not allow. */
function unlikeHashes(
  slices: readonly TargetSlice[],
  targets: readonly LockTarget[],
  requirements: readonly FileRequirement[],
): LocatedIssue[] {
  return slices.flatMap(({ answer: { packages } }, at) => {
    const target = targets[at]!;
    if (!('target' in target)) return [];
    const pinned = packages.map(({ name, wheel }) => ({ name, sha256: wheel.sha256 }));
    return naming(target.name, targets, checkHashes(requirements, pinned, target.target.runtime).issues);
  });
}

const textsOf = (requirements: readonly { text: string }[]) => requirements.map(({ text }) => text);

/** The text of the lock. Throws if it has none. */
export function lockText({ slices, registry }: SolvedLock): { text: string; remarks: Diagnostic[] } {
  const { text, diagnostics } = answered(toPylockOfTargets(slices));
  const built = registry === null ? slices.flatMap(({ answer }) => builtHere(answer.packages)) : [];
  return { text, remarks: [...built, ...diagnostics] };
}

/** @param view of the sets; null for a set of one's own */
async function slicesOf(
  backend: Backend,
  view: CatalogView | null,
  targets: readonly LockTarget[],
  slices: readonly TargetSlice[],
  folders: Closure['folders'],
  folder: string,
): Promise<LockSlice[]> {
  return Promise.all(
    slices.map(async (slice, at) => {
      const named = targets[at]!;
      const isListed = view !== null && 'target' in named;
      const evidenceOf = isListed ? evidenceIn(view, named.target.package_set.flag) : null;
      const packages = withEvidence(slice.answer.packages, evidenceOf);
      const set = isListed ? await backend.pinwheel.source.openSet(named.target.package_set) : null;
      const remarks = set ? undeclaredRemarks(packages, set.members) : [];
      const answer = { ...slice.answer, packages, diagnostics: [...slice.answer.diagnostics, ...remarks] };
      const urlOf = placesIn(await urlsOf(backend, packages), packages, folders, folder);
      return { ...named, ...slice, answer, urlOf };
    }),
  );
}
