/** A lock for several Pythons, as text and as JSON. */
import type { LockSlice } from '../../resolver/formats/pylock-targets.ts';
import type { Diagnostic } from '../../resolver/index.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import type { TargetSlice, Unshared } from '../../resolver/solver/index.ts';
import { type Backend, urlsOf } from '../ask/backend.ts';
import type { LockTarget } from '../ask/lock.ts';
import { count } from '../common/text.ts';
import { diagnosticLines } from './remarks.ts';
import type { Screen } from './table.ts';
import { type Column, table } from './table.ts';

/** What each Python gets, with the location of its files. */
export async function slicesOf(
  backend: Backend,
  targets: readonly LockTarget[],
  slices: readonly TargetSlice[],
): Promise<LockSlice[]> {
  return Promise.all(
    slices.map(async (slice, at) => {
      return { ...targets[at]!, ...slice, urlOf: await urlsOf(backend, slice.answer.packages) };
    }),
  );
}

/** The differences between targets, and from what each would get alone. */
export function lockRemarks(slices: readonly LockSlice[], unshared: readonly Unshared[]): Diagnostic[] {
  const reasons = {
    pins: 'their package sets pin different versions',
    no_common_version: 'no version works for all of them',
    no_answer: 'the same version in all of them would leave requirements unmet, or make more packages differ',
    too_hard: 'it takes too long to find out if all of them can have the same version',
  };
  return [
    ...slices.flatMap(({ name, moved, answer }) => [
      ...answer.diagnostics.map((one) => ({ ...one, message: `${name}: ${one.message}` })),
      ...moved.map(({ name: one, alone, version }) => ({
        severity: 'info' as const,
        code: 'moved_to_share',
        message: `${name}: ${one} ${movement(alone, version)}, so that all targets have the same versions.`,
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
    ({ answer }) => new Map(answer.packages.map((one) => [one.name, one.version] as const)),
  );
  const names = [...new Set(versions.flatMap((one) => [...one.keys()]))].sort();
  const requested = new Set(
    slices.flatMap(({ answer }) => answer.packages.filter((one) => one.requested).map(({ name }) => name)),
  );
  const { colors } = screen;
  const columns: Column<string>[] = [
    {
      title: 'Package',
      text: (name) => name,
      paint: (text, name) => (requested.has(name) ? colors.bold(colors.green(text)) : text),
    },
    ...slices.map(
      ({ name }, at): Column<string> => ({ title: name, text: (one) => versions[at]!.get(one) ?? '' }),
    ),
  ];
  const remarks = diagnosticLines(lockRemarks(slices, unshared), screen);
  return [
    ...(names.length > 0 ? [...table(columns, names, screen), ''] : []),
    `${colors.bold(count(names.length, 'package'))} for ${count(slices.length, 'target')}`,
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}
