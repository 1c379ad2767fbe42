/** What is known of packages: the vulnerabilities that hold on a day, and those that are without effect in a Worker. */
import type { ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { order } from '../sorted-by.ts';
import type { AdvisoriesDocument, Advisory, Statement } from './advisories.ts';
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

/** What was known on a day. */
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

/** What is known of a vulnerability, without what clears it. */
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
