/** Environment markers (PEP 508), evaluated as Python's `packaging` does: `python_version < "3.13"`. */
import { holdsVersion, type MarkerEnvironment } from './environment.ts';
import { type Operator, parseSpecifier, type Specifier, satisfies } from './specifier.ts';

export { type MarkerEnvironment, markerEnvironment } from './environment.ts';

export type Marker = Combination | Comparison;

export interface Combination {
  readonly kind: 'and' | 'or';
  /** Two or more. */
  readonly terms: readonly Marker[];
}

export interface Comparison {
  readonly kind: 'comparison';
  /** As it was written. */
  readonly text: string;
  /** Not always a known one: `"a" == "b"` compares the variable `b`. */
  readonly variable: string;
  readonly operator: Operator | 'in' | 'not in';
  readonly literal: string;
  /** Whether the literal stands on the left. */
  readonly reversed: boolean;
  /** Operator and literal, if they are a specifier for the variable. */
  readonly specifier: Specifier | null;
}

/**
 * Whether a marker is true, or null if it is undefined: a comparison with a variable that the environment
 * does not have, or by an operator that is not for its values (`os_name ~= "posix"`). `packaging` raises there.
 * `extra` is the canonical name of the extra that is asked for, or empty.
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment, extra = ''): boolean | null {
  if (marker.kind === 'comparison') return compare(marker, environment, extra);
  const decisive = marker.kind === 'or';
  let result = !decisive;
  for (const term of marker.terms) {
    const holds = evaluateMarker(term, environment, extra);
    if (holds === null) return null;
    if (holds === decisive) result = decisive;
  }
  return result;
}

/** The first comparison for which {@link evaluateMarker} gives null, or null if there is none. */
export function meaninglessComparison(
  marker: Marker,
  environment: MarkerEnvironment,
  extra = '',
): Comparison | null {
  if (marker.kind === 'comparison') return compare(marker, environment, extra) === null ? marker : null;
  for (const term of marker.terms) {
    const found = meaninglessComparison(term, environment, extra);
    if (found !== null) return found;
  }
  return null;
}

function compare(comparison: Comparison, environment: MarkerEnvironment, extra: string): boolean | null {
  const { variable, operator, literal, reversed } = comparison;
  const value = variable === 'extra' ? extra : environment.get(variable);
  if (value === undefined) return null;
  const [left, right] = reversed ? [literal, value] : [value, literal];
  const specifier =
    reversed && holdsVersion(variable) ? parseSpecifier(operator + value) : comparison.specifier;
  return specifier ? satisfies(left, [specifier]) : compareText(left, operator, right);
}

/** Text has no order: `<` and `>` never hold, and `<=` and `>=` are equality. */
function compareText(left: string, operator: Comparison['operator'], right: string): boolean | null {
  if (operator.endsWith('in')) return right.includes(left) === (operator === 'in');
  if (/^[=<>!]=$/.test(operator)) return (left === right) === (operator !== '!=');
  return operator.length === 1 ? false : null;
}
