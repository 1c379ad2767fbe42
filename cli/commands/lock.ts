/** `pinwheel lock`: one lock for several Pythons. */

import { evidenceIn } from '../../resolver/evidence-level.ts';
import { type LockSlice, toPylockOfTargets } from '../../resolver/formats/pylock-targets.ts';
import type { CatalogView, Diagnostic, Issue } from '../../resolver/index.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import { withEvidence, withoutModules } from '../../resolver/pinwheel/beyond.ts';
import { withKnownNames } from '../../resolver/python/known-names.ts';
import type { TargetSlice, Unshared } from '../../resolver/solver/index.ts';
import { solveTargets } from '../../resolver/solver/targets/solve-targets.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { type Backend, openBackend, urlsOf } from '../ask/backend.ts';
import { builtHere, type Closure, lackOfWheels, placesIn } from '../ask/closure.ts';
import { type LockTarget, naming, questionsOf, readTargets } from '../ask/lock.ts';
import { locateIssues } from '../ask/requirement.ts';
import { answered, CommandError, misused, refused, unanswered } from '../common/failure.ts';
import { count, visible } from '../common/text.ts';
import { print, printRemarks, printText } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Column, joinSections, type Screen, screenOf, sentence, table } from '../print/table.ts';
import { readPlace } from '../project/beyond.ts';
import { type ClosureOptions, filesOf } from '../project/closure.ts';
import { grouped, placed } from '../project/grouped.ts';
import { withHints } from '../project/question.ts';
import { readProject } from '../project/reading.ts';
import { checkLock, lockFileIn, readOwnLock, writeLock } from '../project/sources/project-lock.ts';
import { projectHome } from '../project/wrangler-file.ts';

export interface LockOptions extends ClosureOptions {
  targets?: string[];
  check?: true;
}

export async function lockCommand(named: readonly string[], options: LockOptions): Promise<void> {
  const isNamed = named.length + options.requirements.length > 0;
  if (options.check && isNamed) throw misused({ problem: 'check_of_nothing' });
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
  const reading = await readProject(pinwheel, place, named, { ...options, requirements: files }, { hosts });
  const { question, requirements, constraints } = reading;
  const index = withoutModules(reading.index, await pinwheel.source.standardLibrary());
  const today = question.as_of ?? new Date().toISOString().slice(0, 10);
  const asked = {
    ...question,
    requirements: requirements.map(({ text }) => text),
    constraints: constraints.map(({ text }) => text),
    index,
  };
  const solve = async (more: readonly string[]) => {
    const rest = { ...asked, constraints: [...asked.constraints, ...more] };
    return solveTargets(await questionsOf(pinwheel, targets, rest, today, place.set));
  };
  // What an index has got meanwhile makes no lock stale.
  const held =
    options.check && before && index ? await solve(before.requirements.map(({ text }) => text)) : null;
  const outcome = held?.ok ? held : await solve([]);
  if (!outcome.ok) {
    const view = answered(await pinwheel.source.view(question.revision ?? undefined));
    const said = outcome.failures.map(async ({ name, issues }) => {
      const named = targets.find((target) => target.name === name);
      // A CPython may have what no Worker runs.
      const isWorker = named !== undefined && 'target' in named;
      const known = isWorker ? await withKnownNames(issues, pinwheel.source, named.target, view) : issues;
      const each = placed(locateIssues(known, requirements), requirements);
      const shown = options.format === 'json' ? each : grouped(each);
      return naming(
        name,
        targets,
        shown.map(({ issue }) => issue),
      );
    });
    const issues = (await Promise.all(said)).flat();
    throw new CommandError(refused(issues).exitCode, issues);
  }
  const view = place.set ? null : answered(await pinwheel.source.view(question.revision ?? undefined));
  const from = place.set ? { ...backend, registry: null } : backend;
  const folder = isNamed ? '' : home;
  const slices = await slicesOf(from, view, targets, outcome.slices, reading.folders, folder);
  const { unshared } = outcome;
  const isPrinted = options.format === 'pylock' && !options.check;
  const printAnswer = (more: readonly string[]) => {
    if (options.format === 'json') return print([JSON.stringify(lockDocument(slices, unshared))]);
    print([...lockLines(slices, unshared, screenOf(process.stdout)), ...more]);
  };
  if (isPrinted || !isNamed) {
    const lacking = await lackOf(backend, slices, { ...asked, set: place.set });
    if (lacking.length > 0) {
      if (!isPrinted && !options.check) printAnswer([]);
      throw unanswered(lacking);
    }
    const { text, diagnostics } = answered(toPylockOfTargets(slices));
    const built = backend.registry === null ? slices.flatMap(({ answer }) => builtHere(answer.packages)) : [];
    const remarks = [...built, ...diagnostics];
    printRemarks(isPrinted ? [...lockRemarks(slices, unshared), ...remarks] : remarks);
    if (isPrinted) return printText(text);
    const workers = slices.flatMap((slice) => ('target' in slice ? slice : []));
    if (options.check) checkLock(home, before, text, workers);
    else await writeLock(home, before, text);
  }
  const file = visible(lockFileIn(home));
  if (options.check && options.format !== 'json') return print([`${file} is up to date.`]);
  printAnswer(isNamed ? [] : ['', `Wrote ${file}.`]);
}

/** What the lock of each Worker would lack. */
async function lackOf(
  { pinwheel }: Backend,
  slices: readonly LockSlice[],
  question: Parameters<typeof lackOfWheels>[2],
): Promise<Issue[]> {
  const lacking = slices.map(async (slice) => {
    if (!('target' in slice)) return [];
    const { packages } = slice.answer;
    const issues = await lackOfWheels(pinwheel, { packages, target: slice.target }, question);
    return naming(slice.name, slices, issues);
  });
  return (await Promise.all(lacking)).flat();
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
      const answer = { ...slice.answer, packages };
      const urlOf = placesIn(await urlsOf(backend, packages), packages, folders, folder);
      return { ...named, ...slice, answer, urlOf };
    }),
  );
}

const REASONS = {
  pins: 'their package sets pin different versions',
  no_common_version: 'no version satisfies all of them',
  no_answer: 'the same version in all of them would leave requirements unmet, or make more packages differ',
  too_hard: 'it takes too long to find out if all of them can have the same version',
};

/** A sentence for each reason: the table has the versions. */
function differences(unshared: readonly Unshared[]): string[] {
  return [...groupedBy(unshared, ({ reason }) => reason)].map(([reason, differing]) => {
    const [first, ...more] = differing;
    const verb = more.length > 0 ? 'differ' : 'differs';
    const names = more.length > 0 ? count(differing.length, 'package') : first!.name;
    return `${names} ${verb} between targets: ${REASONS[reason]}.`;
  });
}

/** The differences between targets, and from what each would get alone. */
export function lockRemarks(slices: readonly LockSlice[], unshared: readonly Unshared[]): Diagnostic[] {
  return [
    ...slices.flatMap(({ name, moved, answer }) => [
      ...naming(name, slices, answer.diagnostics),
      ...moved.map(({ name: member, alone, version }) => ({
        severity: 'info' as const,
        code: 'moved_to_share',
        message: `${name}: ${member} ${movement(alone, version)}, so that all targets have the same versions.`,
        ...fixed(null),
      })),
    ]),
    ...unshared.map(({ name, versions, reason }) => ({
      severity: 'warning' as const,
      code: 'versions_differ',
      message: `${name} is ${Object.entries(versions)
        .map(([target, version]) => `${version} in ${target}`)
        .join(', ')}: ${REASONS[reason]}.`,
      ...fixed(null),
    })),
  ];
}

function movement(alone: string | null, version: string | null): string {
  if (alone === null) return `${version} is needed`;
  return version === null ? `${alone} is not needed` : `is ${version}, and alone would be ${alone}`;
}

export function lockDocument(slices: readonly LockSlice[], unshared: readonly Unshared[]): object {
  const targets = slices.map((slice) => {
    const { name, moved, answer } = slice;
    const { packages, totals, index, diagnostics } = answer;
    const what = 'target' in slice ? { target: slice.target } : { host: slice.host.markers };
    return { name, ...what, packages, totals, ...(index && { index }), moved, diagnostics };
  });
  return { targets, unshared };
}

export function lockLines(
  slices: readonly LockSlice[],
  unshared: readonly Unshared[],
  screen: Screen,
): string[] {
  const versions = slices.map(
    ({ answer }) => new Map(answer.packages.map((entry) => [entry.name, entry.version] as const)),
  );
  const names = [...new Set(versions.flatMap((pinned) => [...pinned.keys()]))].sort();
  const requested = new Set(
    slices.flatMap(({ answer }) =>
      answer.packages.filter((entry) => entry.requested).map(({ name }) => name),
    ),
  );
  const { colors } = screen;
  const columns: Column<string>[] = [
    {
      title: 'Package',
      text: (name) => name,
      paint: (text, name) => (requested.has(name) ? colors.bold(colors.green(text)) : text),
    },
    ...slices.map(
      ({ name }, at): Column<string> => ({ title: name, text: (row) => versions[at]!.get(row) ?? '' }),
    ),
  ];
  const isShort = screen.detail !== 'full';
  const differing = isShort ? differences(unshared).flatMap((text) => sentence(text, screen)) : [];
  const sum = `${colors.bold(count(names.length, 'package'))} for ${count(slices.length, 'target')}`;
  return joinSections([
    names.length > 0 ? table(columns, names, screen) : [],
    [sum, ...differing],
    diagnosticLines(lockRemarks(slices, isShort ? [] : unshared), screen),
  ]);
}
