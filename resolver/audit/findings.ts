/** The vulnerabilities that are known of packages on a day, and those of them that are without effect in a Worker. */
import type { ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { order, sortedBy } from '../sorted-by.ts';
import type { AdvisoriesDocument, Advisory, NameRange, Statement } from './advisories.ts';
import { fixedAfter, isAffected, statementOn } from './affected.ts';
import type { AuditFinding } from './answer.ts';
import { severityOf } from './severity.ts';

export interface Hit {
  member: Pinned;
  advisory: Advisory;
  /** A statement that the finding has no effect; null without one. */
  statement: Statement | null;
}
type Pinned = Pick<ResolvedPackage, 'name' | 'version'> & { fromSet: boolean };

/** The packages that Python imports: libraries are not what PyPI has under their names. */
export function pinnedIn(answer: {
  packages: readonly (Pick<ResolvedPackage, 'kind' | 'name' | 'version'> & { origin?: unknown })[];
}): Pinned[] {
  return answer.packages.flatMap(({ kind, name, version, origin }) =>
    kind === 'package' ? { name, version, fromSet: origin !== 'index' } : [],
  );
}

/**
 * Advisories about packages, as one document that lists which packages were looked for: that about the packages of all
 * sets and, for others, those that have their names. Its source is the oldest of them. Null if nothing is known.
 */
export async function advisoriesAbout(
  { advisories }: CatalogView,
  source: Pick<PinwheelSource, 'advisories'>,
  packages: readonly { name: string }[],
): Promise<AdvisoriesDocument | null> {
  const row = advisories.find(({ range }) => !range);
  const ofSets = row && (await source.advisories?.(row));
  if (!ofSets) return null;
  const others = notIn(ofSets, packages);
  const rows = advisories.filter(({ range }) => range && others.some((name) => isIn(range, name)));
  const read = await Promise.all(rows.map((other) => source.advisories!(other)));
  const ranges = read.flatMap((document) => (document?.range ? document : []));
  if (ranges.length === 0) return ofSets;
  const isRead = (name: string) => ranges.some(({ range }) => isIn(range!, name));
  const parts = [ofSets, ...ranges];
  return {
    kind: 'advisories',
    source: sortedBy(parts, ({ source: { day } }) => day)[0]!.source,
    names: [...ofSets.names, ...others.filter(isRead)],
    advisories: parts.flatMap(({ advisories }) => advisories),
    statements: parts.flatMap(({ statements }) => statements),
  };
}

export const isIn = ({ from, before }: NameRange, name: string) =>
  name >= from && (before === null || name < before);

/** The names of packages that nobody has looked for, each once. */
export function notIn(document: AdvisoriesDocument, packages: readonly { name: string }[]): string[] {
  const known = new Set(document.names);
  return [...new Set(packages.map(({ name }) => name))].filter((name) => !known.has(name));
}

/** The advisories that held on a day and are about one of the packages. */
export function hitsOf(
  pinned: readonly Pinned[],
  { runtime: { pyodide } }: Target,
  { advisories, statements }: AdvisoriesDocument,
  day: string,
  isHit = isAffected,
): Hit[] {
  const members = new Map(pinned.map((member) => [member.name, member]));
  return advisories.flatMap((advisory) => {
    const member = members.get(advisory.package);
    if (!member || !holdsOn(advisory, day) || !isHit(advisory, member.version)) return [];
    return { member, advisory, statement: statementOn(statements, advisory, member.version, pyodide) };
  });
}

/** The known vulnerabilities of packages on a target, without those that have no effect: `name id` of each. */
export function knownIn(
  packages: readonly Pick<ResolvedPackage, 'kind' | 'name' | 'version'>[],
  target: Target,
  document: AdvisoriesDocument,
  isHit = isAffected,
): string[] {
  const hits = hitsOf(pinnedIn({ packages }), target, document, target.as_of, isHit);
  return hits.flatMap((hit) => (hit.statement === null ? keyOf(hit) : []));
}

export function holdsOn({ published, withdrawn }: Advisory, day: string): boolean {
  return published <= day && (withdrawn === null || withdrawn > day);
}

export const keyOf = ({ advisory }: Hit) => `${advisory.package} ${advisory.id}`;

/** A finding without what clears it. */
export type KnownFinding = Omit<AuditFinding, 'clears'>;
type KnownHit = Omit<Hit, 'member'> & { member: Pick<Pinned, 'name' | 'version'> };

export function knownOf({ member: { name, version }, advisory, statement }: KnownHit): KnownFinding {
  const { id, aliases, summary, link, published, severity } = advisory;
  return {
    ...{ name, version, id, aliases },
    ...{ severity: severity && severityOf(severity.score), score: severity?.score ?? null },
    ...{ vector: severity?.vector ?? null, summary, link, published },
    fixed: fixedAfter(advisory, version),
    affected: statement === null,
    statement,
  };
}

/** The findings of a closure, without what clears them: no other set is opened. */
export function findingsIn(answer: ResolveAnswer, document: AdvisoriesDocument): KnownFinding[] {
  const { target } = answer;
  return inOrder(hitsOf(pinnedIn(answer), target, document, target.as_of).map(knownOf));
}

/** Packages by their worst finding, and the findings of each; at the end, those without effect. */
export function inOrder<Finding extends KnownFinding>(findings: readonly Finding[]): Finding[] {
  const worst = new Map<string, number>();
  for (const { name, score, affected } of findings)
    worst.set(name, Math.max(worst.get(name) ?? 0, affected ? (score ?? 0) : 0));
  return findings.toSorted(
    (a, b) =>
      Number(b.affected) - Number(a.affected) ||
      worst.get(b.name)! - worst.get(a.name)! ||
      order(a.name, b.name) ||
      (b.score ?? 0) - (a.score ?? 0) ||
      order(a.id, b.id),
  );
}
