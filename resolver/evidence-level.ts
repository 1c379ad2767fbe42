/** Evidence of packages as answers tell it: from the documents to rows of the catalog, and from these to levels. */
import type { Evidence } from './answer.ts';
import type { CatalogEvidence, CatalogSeen } from './catalog.ts';
import type { EvidenceDocument, EvidenceResult } from './evidence.ts';
import { groupedBy, sortedBy } from './sorted-by.ts';
import { shortened } from './text/printable.ts';

type Summary = Omit<CatalogEvidence, 'revision' | 'withdrawn'>;
type Failure = Omit<CatalogEvidence['failures'][number], 'names'>;

/** Characters of an error in the catalog, which every client reads. */
const MOST_ERROR = 160;

/** The row of the catalog for a document with this digest. */
export function summaryOf(
  { set, runtime, ground, day, results }: Omit<EvidenceDocument, 'kind' | 'digest' | 'programs'>,
  document: string,
): Summary {
  const namesOf = (level: Evidence['level']) =>
    results.filter((result) => levelOf(result) === level).map(({ name }) => name);
  const groups = groupedBy(results, (result) => JSON.stringify(failureOf(result)));
  const failures = [...groups.values()].flatMap((alike) => {
    const failure = failureOf(alike[0]!);
    return failure === null ? [] : [{ ...failure, names: alike.map(({ name }) => name) }];
  });
  return {
    ...{ set, runtime, ground, day, document },
    tested: namesOf('tested'),
    imported: namesOf('imported'),
    obtainable: namesOf('obtainable'),
    failures: sortedBy(failures, ({ names }) => -names.length),
  };
}

function levelOf({ load, imports, smoke }: EvidenceResult): Evidence['level'] {
  const isWhole = load.error === null && imports.every(({ error }) => error === null);
  if (!isWhole || imports.length === 0) return 'obtainable';
  return smoke !== null && smoke.error === null ? 'tested' : 'imported';
}

/** The first thing that went wrong; null if nothing did. */
export function failureOf({ load, imports, smoke }: EvidenceResult): Failure | null {
  const steps = [
    { step: 'load' as const, error: load.error },
    ...imports.map(({ error }) => ({ step: 'import' as const, error })),
    { step: 'smoke' as const, error: smoke?.error ?? null },
  ];
  const first = steps.find(({ error }) => error !== null);
  if (!first) return null;
  const { type, message } = first.error!;
  return { step: first.step, error: shortened(`${type}: ${message}`, MOST_ERROR) };
}

/** The levels of evidence, from the least to the most. */
export const LEVELS = ['listed', 'obtainable', 'imported', 'tested'] as const satisfies Evidence['level'][];

/** Whether all modules that a set names for a package were imported: whatever counts or ticks packages asks this. */
export const isImported = ({ level }: Pick<Evidence, 'level'>) => level === 'imported' || level === 'tested';

/** The evidence of a package that was neither tried nor seen. All answers share it. */
export const LISTED: Evidence = { level: 'listed', runtime: null, ground: null, day: null, detail: null };

/** Evidence of the packages of a set, by name. */
export type EvidenceOf = (name: string) => Evidence;

/** Evidence of packages that are more than listed, by the set's package flag and the package's name. */
export type Levels = ReadonlyMap<string, ReadonlyMap<string, Evidence>>;

/** Evidence of the packages of a set. The same package of the same view has the same object. */
export function evidenceIn({ levels }: { levels: Levels }, flag: string): EvidenceOf {
  const ofSet = levels.get(flag);
  return (name) => ofSet?.get(name) ?? LISTED;
}

/** The number of packages of a set at each level, of all or of those `among` it: a tested one was imported, too. */
export function countsIn({ levels }: { levels: Levels }, flag: string, among?: ReadonlySet<string>) {
  const seen = [...(levels.get(flag) ?? [])].flatMap(([name, each]) =>
    (among?.has(name) ?? true) ? each : [],
  );
  return {
    obtainable: seen.length,
    imported: seen.filter(isImported).length,
    tested: seen.filter(({ level }) => level === 'tested').length,
  };
}

/** The evidence of packages, by name, from the rows of a set: of its runs, and of its files. */
export function levelsOf(
  rows: readonly CatalogEvidence[],
  files: CatalogSeen | undefined,
): ReadonlyMap<string, Evidence> {
  const ran = groupedBy(rows.flatMap(toldBy), ({ name }) => name);
  return new Map([
    ...(files ? obtainableOf(files) : []),
    ...[...ran].map(([name, grounds]) => [name, together(grounds.map(({ seen }) => seen))] as const),
  ]);
}

/** Packages of which all files were seen. */
function obtainableOf({ sizes, incomplete, day }: CatalogSeen): (readonly [string, Evidence])[] {
  const lacking = new Set(incomplete);
  const obtainable: Evidence = { ...LISTED, level: 'obtainable', day };
  return Object.keys(sizes).flatMap((name) => (lacking.has(name) ? [] : [[name, obtainable]]));
}

type Seen = Evidence & { ground: CatalogEvidence['ground'] };

const SAID = { load: 'it could not be loaded', import: 'not all is imported', smoke: 'its smoke line fails' };

function toldBy(row: CatalogEvidence): { name: string; seen: Seen }[] {
  const { runtime, ground, day, failures } = row;
  const errors = new Map(
    failures.flatMap(({ step, error, names }) => names.map((name) => [name, `${SAID[step]}: ${error}`])),
  );
  return (['tested', 'imported', 'obtainable'] as const).flatMap((level) =>
    row[level].map((name) => {
      const detail = errors.get(name) ?? (level === 'obtainable' ? 'the set names no modules of it' : null);
      return { name, seen: { level, runtime, ground, day, detail } };
    }),
  );
}

/** The lower level, whose detail names all grounds. */
function together(grounds: readonly Seen[]): Evidence {
  const [lowest] = sortedBy(grounds, ({ level }) => LEVELS.indexOf(level));
  if (grounds.length === 1) return lowest!;
  const each = grounds.map(({ ground, level, detail }) => `${ground}: ${detail ?? level}`);
  return { ...lowest!, detail: each.join('; ') };
}
