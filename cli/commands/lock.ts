/** `pinwheel lock`: one lock for several Pythons. */

import { evidenceIn } from '../../resolver/evidence-level.ts';
import type { LockSlice } from '../../resolver/formats/pylock-targets.ts';
import type { CatalogView, Diagnostic } from '../../resolver/index.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import { withEvidence, withoutModules } from '../../resolver/pinwheel/beyond.ts';
import type { TargetSlice, Unshared } from '../../resolver/solver/index.ts';
import { solveTargets } from '../../resolver/solver/targets/solve-targets.ts';
import { type Backend, openBackend, urlsOf } from '../ask/backend.ts';
import { builtHere, type Closure, placesIn, withoutWheels } from '../ask/closure.ts';
import { type LockTarget, questionsOf, readTargets } from '../ask/lock.ts';
import { answered, CommandError, refused, unanswered } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { print, printRemarks, printText } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Column, type Screen, screenOf, table } from '../print/table.ts';
import { readPlace } from '../project/beyond.ts';
import { type ClosureOptions, filesOf } from '../project/closure.ts';
import { readProject } from '../project/reading.ts';

export interface LockOptions extends ClosureOptions {
  targets?: string[];
}

export async function lockCommand(named: readonly string[], options: LockOptions): Promise<void> {
  const backend = await openBackend(options);
  const { pinwheel } = backend;
  const place = await readPlace(pinwheel, options);
  const targets = await readTargets(pinwheel, options.targets ?? [], place);
  const hosts = targets.flatMap((target) =>
    'host' in target ? [new Map(Object.entries(target.host.markers))] : [],
  );
  const files = await filesOf(named, options);
  const reading = await readProject(pinwheel, place, named, { ...options, requirements: files }, { hosts });
  const { question, requirements, constraints } = reading;
  const index = withoutModules(reading.index, await pinwheel.source.standardLibrary());
  const rest = {
    ...question,
    requirements: requirements.map(({ text }) => text),
    constraints: constraints.map(({ text }) => text),
    index,
  };
  const today = question.as_of ?? new Date().toISOString().slice(0, 10);
  const outcome = await solveTargets(await questionsOf(pinwheel, targets, rest, today, place.set));
  if (!outcome.ok) {
    const issues = outcome.failures.flatMap(({ name, issues }) =>
      issues.map((issue) => ({ ...issue, message: `${name}: ${issue.message}` })),
    );
    throw new CommandError(refused(issues).exitCode, issues);
  }
  const view = place.set ? null : answered(await pinwheel.source.view(question.revision ?? undefined));
  const from = place.set ? { ...backend, registry: null } : backend;
  const slices = await slicesOf(from, view, targets, outcome.slices, reading.folders);
  if (options.format === 'json') return print([JSON.stringify(lockDocument(slices, outcome.unshared))]);
  if (options.format === 'table') return print(lockLines(slices, outcome.unshared, screenOf(process.stdout)));
  const lacking = slices.flatMap((slice) => {
    const issues = 'target' in slice ? withoutWheels(slice.answer.packages, slice.target) : [];
    return issues.map((issue) => ({ ...issue, message: `${slice.name}: ${issue.message}` }));
  });
  if (lacking.length > 0) throw unanswered(lacking);
  const { toPylockOfTargets } = await import('../../resolver/formats/pylock-targets.ts');
  const file = toPylockOfTargets(slices);
  const built = backend.registry === null ? slices.flatMap(({ answer }) => builtHere(answer.packages)) : [];
  printRemarks([
    ...lockRemarks(slices, outcome.unshared),
    ...built,
    ...(file.ok ? file.value.diagnostics : []),
  ]);
  if (!file.ok) throw refused(file.issues);
  printText(file.value.text);
}

/** @param view of the sets; null for a set of one's own */
async function slicesOf(
  backend: Backend,
  view: CatalogView | null,
  targets: readonly LockTarget[],
  slices: readonly TargetSlice[],
  folders: Closure['folders'] = new Map(),
): Promise<LockSlice[]> {
  return Promise.all(
    slices.map(async (slice, at) => {
      const named = targets[at]!;
      const isListed = view !== null && 'target' in named;
      const evidenceOf = isListed ? evidenceIn(view, named.target.package_set.flag) : null;
      const packages = withEvidence(slice.answer.packages, evidenceOf);
      const answer = { ...slice.answer, packages };
      const urlOf = placesIn(await urlsOf(backend, packages), packages, folders);
      return { ...named, ...slice, answer, urlOf };
    }),
  );
}

/** The differences between targets, and from what each would get alone. */
export function lockRemarks(slices: readonly LockSlice[], unshared: readonly Unshared[]): Diagnostic[] {
  const reasons = {
    pins: 'their package sets pin different versions',
    no_common_version: 'no version satisfies all of them',
    no_answer: 'the same version in all of them would leave requirements unmet, or make more packages differ',
    too_hard: 'it takes too long to find out if all of them can have the same version',
  };
  return [
    ...slices.flatMap(({ name, moved, answer }) => [
      ...answer.diagnostics.map((remark) => ({ ...remark, message: `${name}: ${remark.message}` })),
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
        .join(', ')}: ${reasons[reason]}.`,
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
  const remarks = diagnosticLines(lockRemarks(slices, unshared), screen);
  return [
    ...(names.length > 0 ? [...table(columns, names, screen), ''] : []),
    `${colors.bold(count(names.length, 'package'))} for ${count(slices.length, 'target')}`,
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}
