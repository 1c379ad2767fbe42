/**
 * Which package is available at which compatibility date, and how. Every cell agrees with the resolver: it counts sets
 * that have the whole closure of the package, the date's set or another one of the same ABI.
 */

import frontPage from '../../../data/front-page.json' with { type: 'json' };
import { daysBetween } from '../../../resolver/compatibility/date.ts';
import { nearestSets } from '../../../resolver/compatibility/package-set.ts';
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import { evidenceIn } from '../../../resolver/evidence-level.ts';
import type { PinnedFile } from '../../../resolver/pinned-files.ts';
import type { CatalogSet, Evidence, MemberKind } from '../../../resolver/schemas.ts';
import { sortedBy } from '../../../resolver/sorted-by.ts';
import { versionStep } from '../../../resolver/time/version-order.ts';
import { isPure } from '../../../resolver/wheels/wheel-name.ts';
import { isOfTests } from '../../facts/test-packages.ts';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import type { Column } from './columns.ts';

/**
 * `own`: in the date's set. `other`: in another set of the same ABI, which its package flag selects. `none`: in no set
 * that the date's runtime can use.
 */
export type Cell =
  | {
      is: 'own' | 'other';
      flag: string;
      version: string;
      /** The kind of the member in that set: pydoc-data is a module of Python in older sets, a package in newer ones. */
      kind: MemberKind;
      /** The evidence for the package there. */
      evidence: Evidence;
      /** Whether the previous date has another major version. */
      major: boolean;
      /** Whether the file or its whole set was yanked, and why; null if neither was. */
      yanked: { what: 'file' | 'set'; reason: string } | null;
    }
  | {
      is: 'none';
      /** Whether the file of the set nearest in time is pure Python: then an index may have it for this runtime. */
      pure: boolean;
    };

/** The style and the mark of a cell: a tick only for what was imported. */
export function markOf(cell: Cell): [style: string, mark: string] {
  if (cell.is === 'none') return ['no', '✕'];
  return cell.is === 'own' ? LEVEL_MARKS[cell.evidence.level] : ['part', '◐'];
}

/** A cell of a package that some set has. */
export type Found = Exclude<Cell, { is: 'none' }>;

export interface Row {
  name: string;
  kind: MemberKind;
  imports: readonly string[];
  /** The most packages of one set that depend on it, over the sets that dates select. */
  dependents: number;
  /** The set of each column that has the whole closure; null if none has. */
  held: readonly (Held | null)[];
  /** The cell of each column, made when it is asked for: most rows are only searched. */
  readonly cells: readonly Cell[];
  /** The package flag of the newest set that has it, of any ABI. */
  newest: string;
  /** The number of sets that have the package. */
  sets: number;
}

/** The packages that people ask for come first, in this order. */
const ASKED_FOR = new Map(frontPage.names.map((name, at) => [name, Number.MAX_SAFE_INTEGER - at]));

/**
 * A row for each package: after those that are asked for, those with the most dependents in the sets that dates select,
 * and those that no date has last. Tests that Pyodide has split off have no row.
 */
export function matrixOf(view: CatalogView, columns: readonly Column[], files: readonly PinnedFile[]): Row[] {
  const rank = ({ name, kind, dependents, held }: Row) => {
    if (kind !== 'package') return -2;
    const asked = ASKED_FOR.get(name);
    if (asked !== undefined) return asked;
    return dependents > 0 || held.some((holding) => holding !== null) ? dependents : -1;
  };
  const byName = sortedBy(rowsOf(view, columns, files), ({ name }) => name);
  return sortedBy(byName, (row) => -rank(row));
}

/** The names of packages, sorted. Shared libraries and the standard library are only found by searches. */
export function listedNames(view: CatalogView, files: readonly PinnedFile[]): string[] {
  const newest = newestIn(newestFirst(view.sets.values()));
  const listed = [...pinsOf(files)].filter(([, pins]) => newest(pins)[1].kind === 'package');
  return listed.map(([name]) => name).sort();
}

export function rowsOf(view: CatalogView, columns: readonly Column[], files: readonly PinnedFile[]): Row[] {
  const byAge = newestFirst(view.sets.values());
  const newestOf = newestIn(byAge);
  const usable = columns.map((column) => setsFor(view, column));
  const near = columns.map(({ set }) =>
    once(() => sortedBy(byAge, ({ released }) => daysBetween(released, set.released))),
  );
  return [...pinsOf(files)].map(([name, pins]): Row => {
    const held = usable.map((sets) => firstWhole(sets, pins));
    const [{ flag }, newest] = newestOf(pins);
    const { kind } = newest;
    const { imports } = held.findLast((holding) => holding !== null)?.pin ?? newest;
    const cells = once(() => cellsOf(view, columns, held, (at) => isPureIn(near[at]!(), pins)));
    return {
      ...{ name, kind, imports, held, newest: flag, sets: pins.size },
      dependents: columns.reduce((most, { set }) => Math.max(most, dependentsIn(set, pins)), 0),
      get cells() {
        return cells();
      },
    };
  });
}

/** A value that is made when it is first asked for. */
export function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}

/** The files of a package, by the revisions of the sets that pin them. */
type Pins = ReadonlyMap<number, PinnedFile>;

/** The pins of each package by name, without packages of tests. */
function pinsOf(files: readonly PinnedFile[]): Map<string, Pins> {
  const pins = new Map<string, Map<number, PinnedFile>>();
  for (const file of files) {
    if (isOfTests(file)) continue;
    const of = pins.get(file.name) ?? new Map<number, PinnedFile>();
    pins.set(file.name, of);
    for (const revision of file.sets) of.set(revision, file);
  }
  return pins;
}

export function newestFirst(sets: Iterable<CatalogSet>): CatalogSet[] {
  return sortedBy(sets, ({ released, flag }) => `${released} ${flag}`).reverse();
}

function newestIn(byAge: readonly CatalogSet[]): (pins: Pins) => [CatalogSet, PinnedFile] {
  const ages = new Map(byAge.map(({ revision }, age) => [revision, age]));
  return (pins) => {
    let least = byAge.length;
    for (const revision of pins.keys()) least = Math.min(least, ages.get(revision) ?? least);
    const set = byAge[least]!;
    return [set, pins.get(set.revision)!];
  };
}

/** A column's set, and then the others that its runtime can use. */
function setsFor(view: CatalogView, { target: { runtime }, set }: Column): CatalogSet[] {
  const others = [...view.sets.values()].filter((other) => other.abi === runtime.abi && other !== set);
  return [set, ...nearestSets(view, runtime, others)];
}

interface Held {
  flag: string;
  pin: PinnedFile;
}

/** The first of the sets with the package's whole closure, as the resolver requires. */
function firstWhole(sets: readonly CatalogSet[], pins: Pins): Held | null {
  for (const { flag, revision } of sets) {
    const pin = pins.get(revision);
    if (pin && !pin.incomplete.includes(revision)) return { flag, pin };
  }
  return null;
}

function dependentsIn({ revision }: CatalogSet, pins: Pins): number {
  const pin = pins.get(revision);
  return pin?.dependents[pin.sets.indexOf(revision)] ?? 0;
}

function cellsOf(
  view: CatalogView,
  columns: readonly Column[],
  held: readonly (Held | null)[],
  isPureAt: (column: number) => boolean,
): Cell[] {
  const { yankedWheels, yankedSets } = view;
  let before: string | undefined;
  return held.map((holding, at): Cell => {
    if (!holding) return { is: 'none', pure: isPureAt(at) };
    const { flag, pin } = holding;
    const { name, version, kind, sha256 } = pin;
    const evidence = evidenceIn(view, flag)(name);
    const major = before !== undefined && before !== version && versionStep(before, version).isMajor;
    before = version;
    const is = flag === columns[at]!.set.flag ? 'own' : 'other';
    const ofFile = yankedWheels.get(sha256);
    const yank = ofFile ?? yankedSets.get(flag);
    const yanked = yank ? { what: ofFile ? ('file' as const) : ('set' as const), reason: yank.reason } : null;
    return { is, flag, version, kind, evidence, major, yanked };
  });
}

/** Whether a package is pure Python in the first of the sets that has it. No index has the files that Pinwheel patched. */
function isPureIn(sets: readonly CatalogSet[], pins: Pins): boolean {
  const set = sets.find(({ revision }) => {
    const pin = pins.get(revision);
    return pin && pin.patched_by !== 'pinwheel';
  });
  const pin = set && pins.get(set.revision)!;
  return pin?.kind === 'package' && isPure(pin) === true;
}
