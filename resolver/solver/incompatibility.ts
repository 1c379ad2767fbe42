import { ANY, intersect, negate, type Term, unite, type VersionSet } from './term.ts';

/** What versions of a package require, or why they are not available: the facts that a failure is derived from. */
export type Fact =
  | { kind: 'root' }
  | { kind: 'dependency'; dependent: string; dependency: string; requirement: string; isNarrowed: boolean }
  | { kind: 'unusable'; package: string; reason: string };

/** Terms that must not all be true at once, and why. */
export interface Incompatibility {
  readonly terms: ReadonlyMap<string, Term>;
  readonly cause: Fact | Conflict;
}

/** The two that an incompatibility follows from. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly incompatibility: Incompatibility;
  readonly satisfier: Incompatibility;
}

/** A package in one of `versions` requires another in one of `wanted`. */
export function dependencyOn(
  versions: VersionSet,
  wanted: VersionSet,
  cause: Fact & { kind: 'dependency' },
): Incompatibility {
  const terms = new Map<string, Term>([[cause.dependent, { positive: true, versions }]]);
  if (cause.dependency === cause.dependent) {
    terms.set(cause.dependent, { positive: true, versions: versions & ~wanted });
  } else if (wanted !== 0n) {
    terms.set(cause.dependency, { positive: false, versions: wanted });
  }
  return { terms, cause };
}

/** What follows from two incompatibilities of which one says of `name` what the other excludes. */
export function resolvent(
  incompatibility: Incompatibility,
  satisfier: Incompatibility,
  name: string,
): Incompatibility {
  const terms = new Map(incompatibility.terms);
  for (const [other, term] of satisfier.terms) {
    const own = terms.get(other);
    terms.set(other, own === undefined ? term : intersect(own, term));
  }
  const united = unite(
    incompatibility.terms.get(name) ?? negate(ANY),
    satisfier.terms.get(name) ?? negate(ANY),
  );
  if (!united.positive && united.versions === 0n) terms.delete(name);
  else terms.set(name, united);
  return { terms, cause: { kind: 'conflict', incompatibility, satisfier } };
}
