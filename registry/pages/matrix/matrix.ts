/**
 * Which package is available at which compatibility date, and how. Every cell agrees with the resolver: it counts sets
 * that have the whole closure of the package, the date's set or another one of the same ABI.
 */
import type { MemberKind } from '../../../resolver/catalog.ts';
import type { PreparedSet } from '../../../resolver/closure/prepare.ts';
import { nearestSets } from '../../../resolver/compatibility/package-set.ts';
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import { differInMajor } from '../../../resolver/time/version-order.ts';
import type { FileKind, PinnedFile } from '../../storage/packages.ts';
import { isOfTests, testedName } from '../components/words.ts';
import type { Column } from './columns.ts';

/** A set's pin of a package. */
export interface Pin {
  flag: string;
  version: string;
  kind: MemberKind;
  file: FileKind;
}

/**
 * `own`: in the date's set. `other`: in another set of the same ABI, which its package flag selects. `none`: in no set
 * that the date's runtime can use.
 */
export type Cell =
  | {
      is: 'own' | 'other';
      flag: string;
      version: string;
      file: FileKind;
      /** Whether the previous date has another major version. */
      major: boolean;
    }
  | { is: 'none' };

export interface Row {
  name: string;
  kind: MemberKind;
  imports: readonly string[];
  /** The most packages of one set that depend on it, over the sets that dates select. */
  dependents: number;
  /** Whether the newest file is pure Python: then other indexes may have it too. */
  pure: boolean;
  /** Whether sets have its tests in another file. */
  tests: boolean;
  /** One for each column. */
  cells: Cell[];
  /** The newest pin, of any ABI. */
  newest: Pin;
  /** The number of sets that have it. */
  sets: number;
}

export type OpenSet = (digest: string) => Promise<PreparedSet>;

/**
 * A row for each package: those with the most dependents in the sets that dates select first, and those that no date
 * has last. Tests that Pyodide has split off have no row.
 */
export async function matrixOf(
  view: CatalogView,
  columns: readonly Column[],
  files: readonly PinnedFile[],
  open: OpenSet,
): Promise<Row[]> {
  const rows = await rowsOf(view, columns, pinsOf(view, files), open, { tested: testedIn(files) });
  const rank = ({ kind, dependents, cells }: Row) => {
    if (kind !== 'package') return -2;
    return dependents > 0 || cells.some(({ is }) => is !== 'none') ? dependents : -1;
  };
  return rows.sort((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : 1));
}

/** The part of the matrix that needs only the sets that dates select. */
export interface FirstRows {
  /** The first packages of the matrix that have dependents. */
  rows: Row[];
  /** The number of packages. */
  total: number;
  /** The number of those whose whole closure is in today's set. */
  supported: number;
}

export async function firstRows(
  view: CatalogView,
  columns: readonly Column[],
  files: readonly PinnedFile[],
  open: OpenSet,
  most: number,
): Promise<FirstRows> {
  const pins = pinsOf(view, files);
  const shelf = shelfOf(view, open);
  const own = await setsOf(columns, shelf);
  const today = own[columns.findIndex(({ is }) => is === 'today')];
  const names = listedIn(view, pins);
  const supported = names.filter((name) => today?.whole[today.set.index.get(name) ?? -1]);
  const first = names
    .map((name) => ({ name, dependents: dependentsOf(own, name) }))
    .filter(({ dependents }) => dependents > 0)
    .sort((a, b) => b.dependents - a.dependents || (a.name < b.name ? -1 : 1))
    .slice(0, most);
  const firstPins = new Map(first.map(({ name }) => [name, pins.get(name)!]));
  const rows = await rowsOf(view, columns, firstPins, open, { tested: testedIn(files), shelf });
  return { rows, total: names.length, supported: supported.length };
}

/** The listed names, sorted. */
export function listedNames(view: CatalogView, files: readonly PinnedFile[]): string[] {
  return listedIn(view, pinsOf(view, files)).sort();
}

/** Packages. Shared libraries and the standard library are only found by searches. */
function listedIn(view: CatalogView, pins: ReadonlyMap<string, readonly Pin[]>): string[] {
  const ages = agesIn(view);
  return [...pins.keys()].filter((name) => newestOf(pins.get(name)!, ages).kind === 'package');
}

/** By name. */
function pinsOf(view: CatalogView, files: readonly PinnedFile[]): Map<string, Pin[]> {
  const byRevision = new Map([...view.sets.values()].map(({ revision, flag }) => [revision, flag]));
  const pins = new Map<string, Pin[]>();
  for (const { name, version, kind, file, sets } of files) {
    if (isOfTests({ name })) continue;
    for (const revision of sets) {
      const flag = byRevision.get(revision);
      if (flag === undefined) continue;
      const of = pins.get(name) ?? [];
      pins.set(name, of);
      of.push({ flag, version, kind, file });
    }
  }
  return pins;
}

/** The names of packages whose tests are in another file. */
function testedIn(files: readonly PinnedFile[]): Set<string> {
  return new Set(files.filter(isOfTests).map(testedName));
}

/** A row for each package of `pins`, each of which has at least one pin. */
export async function rowsOf(
  view: CatalogView,
  columns: readonly Column[],
  pins: ReadonlyMap<string, readonly Pin[]>,
  open: OpenSet,
  { tested = new Set<string>(), shelf = shelfOf(view, open) } = {},
): Promise<Row[]> {
  const own = await setsOf(columns, shelf);
  const flagsOf = new Map([...pins].map(([name, of]) => [name, new Set(of.map(({ flag }) => flag))]));
  const found: ReadonlyMap<string, HeldPin>[] = [];
  for (const column of columns) found.push(await firstWhole(flagsOf, setsFor(view, column), shelf));
  const ages = agesIn(view);
  const rows: Row[] = [];
  for (const [name, of] of pins) {
    const newest = newestOf(of, ages);
    const held = found.map((one) => one.get(name));
    const cells = cellsOf(columns, held);
    const looked = held.filter((one) => one !== undefined);
    if (looked.length === 0) looked.push(...pinIn(await shelf(newest.flag), name));
    const imports = looked.at(-1)?.imports ?? [];
    const dependents = dependentsOf(own, name);
    const { kind, file } = newest;
    const known = { name, kind, imports, dependents, pure: file === 'pure', tests: tested.has(name) };
    rows.push({ ...known, cells, newest, sets: of.length });
  }
  return rows;
}

/** The sets of the columns. */
function setsOf(columns: readonly Column[], shelf: Shelf): Promise<Shelved[]> {
  return Promise.all(columns.map(({ set }) => shelf(set.flag)));
}

/** The most packages of one of the sets that depend on it. */
function dependentsOf(sets: readonly Shelved[], name: string): number {
  return Math.max(0, ...sets.map(({ set, dependents }) => dependents[set.index.get(name) ?? -1] ?? 0));
}

function newestOf(pins: readonly Pin[], ages: ReadonlyMap<string, number>): Pin {
  return pins.reduce((a, b) => (ages.get(b.flag)! > ages.get(a.flag)! ? b : a));
}

/** The flags of a column's set, and then of the others that its runtime can use. */
function setsFor({ sets }: CatalogView, { target: { runtime }, set }: Column): string[] {
  const others = [...sets.values()].filter((one) => one.abi === runtime.abi && one !== set);
  return [set, ...nearestSets(runtime, others)].map(({ flag }) => flag);
}

/** The rank of each set by its release, the oldest first. */
function agesIn({ sets }: CatalogView): Map<string, number> {
  const dated = [...sets.values()].map(({ released, flag }) => `${released} ${flag}`).sort();
  return new Map(dated.map((text, at) => [text.slice(text.indexOf(' ') + 1), at]));
}

function cellsOf(columns: readonly Column[], held: readonly (HeldPin | undefined)[]): Cell[] {
  let before: string | undefined;
  return held.map((one, at): Cell => {
    if (!one) return { is: 'none' };
    const { flag, version, file } = one;
    const major = before !== undefined && before !== version && differInMajor(before, version);
    before = version;
    return { is: flag === columns[at]!.set.flag ? 'own' : 'other', flag, version, file, major };
  });
}

/** A set's pin, with the package's modules. */
interface HeldPin extends Omit<Pin, 'kind'> {
  imports: readonly string[];
}

/**
 * For each package, the first set with its whole closure, as the resolver requires. Opens only the sets that may have a
 * package that is still missing.
 */
async function firstWhole(
  flagsOf: ReadonlyMap<string, ReadonlySet<string>>,
  flags: readonly string[],
  shelf: Shelf,
): Promise<Map<string, HeldPin>> {
  const found = new Map<string, HeldPin>();
  let left = [...flagsOf.keys()];
  for (const flag of flags) {
    if (!left.some((name) => flagsOf.get(name)!.has(flag))) continue;
    const shelved = await shelf(flag);
    left = left.filter((name) => {
      const at = shelved.set.index.get(name);
      if (at === undefined || !shelved.whole[at]) return true;
      for (const held of pinIn(shelved, name)) found.set(name, held);
      return false;
    });
  }
  return found;
}

function pinIn({ set }: Shelved, name: string): HeldPin[] {
  const at = set.index.get(name);
  if (at === undefined) return [];
  const { version, filename, imports } = set.members[at]!;
  return [{ flag: set.flag, version, file: fileKindOf(filename), imports }];
}

export function fileKindOf(filename: string): FileKind {
  if (filename.endsWith('-none-any.whl')) return 'pure';
  return filename.endsWith('.whl') ? 'wheel' : 'archive';
}

/** A set, with facts for rows. */
interface Shelved {
  set: PreparedSet;
  /** For each member, whether the set has its whole closure. */
  whole: readonly boolean[];
  /** For each member, the number of its dependents. */
  dependents: readonly number[];
}

/** Sets by package flag, each opened once. */
type Shelf = (flag: string) => Promise<Shelved>;

function shelfOf(view: CatalogView, open: OpenSet): Shelf {
  const shelved = new Map<string, Shelved>();
  return async (flag) => {
    const known = shelved.get(flag);
    if (known) return known;
    const set = await open(view.sets.get(flag)!.digest);
    const made = { set, whole: wholeIn(set), dependents: dependentsIn(set) };
    shelved.set(flag, made);
    return made;
  };
}

/**
 * A member whose dependency is missing is incomplete, and so are its dependents. In load order one pass is enough;
 * cycles need further passes.
 */
function wholeIn({ edges, dangling }: PreparedSet): boolean[] {
  const whole = dangling.map((names) => names.length === 0);
  let changed = whole.includes(false);
  while (changed) {
    changed = false;
    for (const [at, needed] of edges.entries()) {
      if (!whole[at] || needed.every((one) => whole[one])) continue;
      whole[at] = false;
      changed = true;
    }
  }
  return whole;
}

function dependentsIn({ members, edges }: PreparedSet): number[] {
  const dependents = members.map(() => 0);
  for (const [at, needed] of edges.entries()) {
    if (!isOfTests(members[at]!)) for (const one of needed) dependents[one]!++;
  }
  return dependents;
}
