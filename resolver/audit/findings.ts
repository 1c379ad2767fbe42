/** The vulnerabilities that are known of packages on a day, and those of them that are without effect in a Worker. */
import type { MemberKind } from '../catalog.ts';
import type { PinwheelSource } from '../closure/source.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { remembered } from '../remembered.ts';
import { parseSpecifiers, satisfies } from '../requirements/specifier.ts';
import { comparePublic, parseVersion, type Version } from '../requirements/version.ts';
import { order, sortedBy } from '../sorted-by.ts';
import type { AdvisoriesDocument, Advisory, AffectedRange, NameRange, Statement } from './advisories.ts';
import type { AuditFinding } from './answer.ts';
import { severityOf } from './severity.ts';

export interface Pinned {
  name: string;
  version: string;
  /** A package that Python imports by default: libraries are not what PyPI has under their names. */
  kind?: MemberKind;
}

/** A finding without what clears it. */
export type KnownFinding = Omit<AuditFinding, 'clears'>;

/**
 * Advisories about packages, as one document that lists which packages were looked for: that about the packages of all
 * sets and, for others, those that have their names. Its source is the oldest of them. Null if nothing is known.
 */
export async function advisoriesAbout(
  { advisories }: CatalogView,
  source: Pick<PinwheelSource, 'advisories'>,
  packages: readonly Pinned[],
): Promise<AdvisoriesDocument | null> {
  const row = advisories.find(({ range }) => !range);
  const ofSets = row && (await source.advisories?.(row));
  if (!ofSets) return null;
  const others = notIn(ofSets, packages);
  const rows = advisories.filter(({ range }) => range && others.some((name) => isIn(range, name)));
  const read = await Promise.all(rows.map((other) => source.advisories!(other)));
  const parts = [ofSets, ...read.flatMap((document) => (document?.range ? document : []))];
  const isRead = (name: string) => parts.some(({ range }) => range && isIn(range, name));
  return {
    ...ofSets,
    source: sortedBy(parts, ({ source: { day } }) => day)[0]!.source,
    names: [...ofSets.names, ...others.filter(isRead)],
    advisories: parts.flatMap(({ advisories }) => advisories),
    statements: parts.flatMap(({ statements }) => statements),
  };
}

export const isIn = ({ from, before }: NameRange, name: string) =>
  name >= from && (before === null || name < before);

const isImported = ({ kind = 'package' }: Pinned) => kind === 'package';

/** The names of packages that nobody has looked for, each once. */
export function notIn(document: AdvisoriesDocument, packages: readonly Pinned[]): string[] {
  const known = new Set(document.names);
  return [...new Set(packages.filter(isImported).map(({ name }) => name))].filter((name) => !known.has(name));
}

/**
 * The known vulnerabilities of packages on a target: packages by their worst finding, and the findings of each; at the
 * end, those without effect.
 */
export function findingsIn(
  packages: readonly Pinned[],
  { as_of, runtime }: { as_of: string; runtime: { pyodide: string } },
  { advisories, statements }: AdvisoriesDocument,
): KnownFinding[] {
  const versions = new Map(packages.filter(isImported).map(({ name, version }) => [name, version]));
  const findings = advisories.flatMap((advisory): KnownFinding[] => {
    const { package: name, id, aliases, summary, link, published, severity } = advisory;
    const version = versions.get(name);
    if (version === undefined || !holdsOn(advisory, as_of) || !isAffected(advisory, version)) return [];
    const statement = statementOn(statements, advisory, version, runtime.pyodide);
    const rated = { severity: severity && severityOf(severity.score), score: severity?.score ?? null };
    const known = { name, version, id, aliases, ...rated, vector: severity?.vector ?? null, summary, link };
    const fixed = fixedAfter(advisory, version);
    return [{ ...known, published, fixed, affected: statement === null, statement }];
  });
  const worst = new Map<string, number>();
  for (const { name, score, affected } of findings)
    worst.set(name, Math.max(worst.get(name) ?? 0, affected ? (score ?? 0) : 0));
  return findings.sort(
    (a, b) =>
      Number(b.affected) - Number(a.affected) ||
      worst.get(b.name)! - worst.get(a.name)! ||
      order(a.name, b.name) ||
      (b.score ?? 0) - (a.score ?? 0) ||
      order(a.id, b.id),
  );
}

export function holdsOn({ published, withdrawn }: Advisory, day: string): boolean {
  return published <= day && (withdrawn === null || withdrawn > day);
}

export const keyOf = ({ name, id }: Pick<KnownFinding, 'name' | 'id'>) => `${name} ${id}`;

/** Judgements of an advisory, by version: many sets pin the same ones. */
const judged = remembered((_: Advisory) => new Map<string, boolean>());

/**
 * Whether an advisory is about a version, by PEP 440 and without local labels: a patched wheel has the upstream code. A
 * text that is not a version has to be listed.
 */
export function isAffected(advisory: Advisory, text: string): boolean {
  const known = judged(advisory);
  const result = known.get(text) ?? judge(advisory, text);
  known.set(text, result);
  return result;
}

function judge({ ranges, versions }: Advisory, text: string): boolean {
  const version = parseVersion(text);
  if (!version) return versions.includes(text);
  const isListed = (other: Version | null) => other !== null && comparePublic(other, version) === 0;
  return ranges.some((range) => isWithin(range, version)) || versions.map(parseVersion).some(isListed);
}

/** The versions that fix it for who has a version, in ascending order. */
export function fixedAfter(advisory: Advisory, text: string): string[] {
  const version = parseVersion(text);
  const fixes = new Set(advisory.ranges.flatMap(({ fixed }) => fixed ?? []));
  return [...fixes]
    .flatMap((fixed) => parseVersion(fixed) ?? [])
    .filter((fixed) => !version || comparePublic(fixed, version) > 0)
    .filter((fixed) => !isAffected(advisory, fixed.text))
    .sort(comparePublic)
    .map((fixed) => fixed.text);
}

const boundsOf = remembered(({ introduced, fixed, last_affected }: AffectedRange) =>
  [introduced, fixed, last_affected].map((bound) => (bound === undefined ? null : parseVersion(bound))),
);

export function isWithin(range: AffectedRange, version: Version): boolean {
  const [from, before, to] = boundsOf(range).map((bound) => bound && comparePublic(version, bound));
  return (from ?? 0) >= 0 && (before ?? -1) < 0 && (to ?? 0) <= 0;
}

const specifiersOf = remembered(({ versions, pyodide }: Statement) =>
  [versions, pyodide].map((text) => parseSpecifiers(text)),
);

/** The statement that an advisory is without effect on a version of its package with that Pyodide; null if none is. */
export function statementOn(
  statements: readonly Statement[],
  advisory: Pick<Advisory, 'package' | 'id' | 'aliases'>,
  version: string,
  pyodide: string,
): Statement | null {
  const isMet = (parsed: ReturnType<typeof parseSpecifiers>, at: number) =>
    parsed.ok && satisfies([version, pyodide][at]!, parsed.value);
  const applies = (statement: Statement) =>
    statement.package === advisory.package &&
    statement.ids.some((id) => id === advisory.id || advisory.aliases.includes(id)) &&
    specifiersOf(statement).every(isMet);
  return statements.find(applies) ?? null;
}
