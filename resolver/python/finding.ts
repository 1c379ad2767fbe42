/** Findings of a check, and their severity. */
import type { Diagnostic } from '../answer.ts';
import { order } from '../sorted-by.ts';
import type { Import, SourcePosition } from './project.ts';

/**
 * A diagnostic at a place in a file. `path` is relative to the folder that modules are imported from; of a requirement, it
 * is the file that lists it.
 */
export interface Finding extends Diagnostic, SourcePosition {
  path: string;
}

export type Severity = Finding['severity'];

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/** The severity of a failing import: does the start fail, or later code? Null if only type checkers import it. */
export function severityOfFailure({ when, guarded }: Import, isReached: boolean): Severity | null {
  if (when === 'typing') return null;
  if (guarded) return 'info';
  return when === 'always' && isReached ? 'error' : 'warning';
}

/** Collects findings. For each file and subject, keeps the most severe one, at its first position. */
export class Findings {
  readonly #worst = new Map<string, Finding>();

  add(finding: Finding, subject: string): void {
    const key = JSON.stringify([finding.path, finding.code, subject]);
    const known = this.#worst.get(key);
    if (known && ORDER.indexOf(known.severity) <= ORDER.indexOf(finding.severity)) return;
    this.#worst.set(key, finding);
  }

  sorted(): Finding[] {
    return sortFindings([...this.#worst.values()]);
  }
}

/** Sorts findings by path, then in the order of the file. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      order(a.path, b.path) ||
      a.line - b.line ||
      a.column - b.column ||
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
}

export function countFindings(findings: readonly Finding[]): { errors: number; warnings: number } {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning') };
}
