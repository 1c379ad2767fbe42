/**
 * Some versions of a package: of those that are eligible, listed once, a bit for each, the oldest lowest. So sets are
 * exact, whatever PEP 440 says of pre-releases, local labels, `===` and `.*`, and their algebra is that of bigints.
 */
export type VersionSet = bigint;

/** The claim that a package is installed in one of the versions; or else, that it is installed in none of them. */
export interface Term {
  readonly positive: boolean;
  readonly versions: VersionSet;
}

/** Holds of every package. */
export const ANY: Term = { positive: false, versions: 0n };

export function negate({ positive, versions }: Term): Term {
  return { positive: !positive, versions };
}

/** The term that is true if both are. */
export function intersect(a: Term, b: Term): Term {
  if (!a.positive)
    return b.positive ? intersect(b, a) : { positive: false, versions: a.versions | b.versions };
  return { positive: true, versions: a.versions & (b.positive ? b.versions : ~b.versions) };
}

/** The term that holds if at least one of two does. */
export function unite(a: Term, b: Term): Term {
  return negate(intersect(negate(a), negate(b)));
}

/** Whether `term` holds wherever `known` does. */
export function implies(known: Term, term: Term): boolean {
  if (known.positive) return (known.versions & (term.positive ? ~term.versions : term.versions)) === 0n;
  return !term.positive && (term.versions & ~known.versions) === 0n;
}

/** A fact that a failure is derived from: a requirement of some versions, or why they are not available. */
export type Fact =
  | { kind: 'root' }
  | { kind: 'dependency'; dependent: string; dependency: string; requirement: string; isNarrowed: boolean }
  | { kind: 'unusable'; package: string; reason: string };

/** Terms that must not all be true at once, and why. */
export interface Incompatibility {
  readonly terms: ReadonlyMap<string, Term>;
  /** A fact, or the two incompatibilities that this one follows from. */
  readonly cause: Fact | { kind: 'conflict'; incompatibility: Incompatibility; satisfier: Incompatibility };
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

/** The conclusion from two incompatibilities, of which one says of `name` what the other excludes. */
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
  const [own, other] = [incompatibility, satisfier].map((side) => side.terms.get(name) ?? negate(ANY));
  const united = unite(own!, other!);
  if (!united.positive && united.versions === 0n) terms.delete(name);
  else terms.set(name, united);
  return { terms, cause: { kind: 'conflict', incompatibility, satisfier } };
}

export function factsIn(proof: Incompatibility): Fact[] {
  const seen = new Set([proof]);
  const facts: Fact[] = [];
  for (const { cause } of seen) {
    if (cause.kind === 'conflict') seen.add(cause.incompatibility).add(cause.satisfier);
    else facts.push(cause);
  }
  return facts;
}
