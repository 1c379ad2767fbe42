/**
 * Statements about the version of a package. The eligible versions are listed once for each package,
 * and a set of them is a bigint with one bit for each, the oldest lowest. So sets are exact, whatever PEP 440 says of
 * pre-releases, local labels, `===` and `.*`, and their algebra is that of bigint's operators.
 */

export type VersionSet = bigint;

/** That a package is installed in one of the versions; or else, that it is installed in none of them. */
export interface Term {
  readonly positive: boolean;
  readonly versions: VersionSet;
}

/** Holds of every package. */
export const ANY: Term = { positive: false, versions: 0n };

export function negate({ positive, versions }: Term): Term {
  return { positive: !positive, versions };
}

/** Both at once. */
export function intersect(a: Term, b: Term): Term {
  if (!a.positive)
    return b.positive ? intersect(b, a) : { positive: false, versions: a.versions | b.versions };
  return { positive: true, versions: a.versions & (b.positive ? b.versions : ~b.versions) };
}

/** At least one of them. */
export function unite(a: Term, b: Term): Term {
  return negate(intersect(negate(a), negate(b)));
}

/** Whether `term` holds wherever `known` does. */
export function implies(known: Term, term: Term): boolean {
  if (known.positive) return (known.versions & (term.positive ? ~term.versions : term.versions)) === 0n;
  return !term.positive && (term.versions & ~known.versions) === 0n;
}
