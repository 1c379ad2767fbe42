/** The support window of a Python: five years from its first release. */
import type { CatalogPython } from '../catalog.ts';
import { type CatalogView, type FlaggedRelease, minorOf } from './view.ts';

/** A Python that is out of support on a day, and its replacement. */
export interface Expiry {
  /** The Python that is out of support. */
  python: CatalogPython;
  /**
   * The oldest supported release of a later Python, else the newest release of any later Python; null if no
   * later Python has a release.
   */
  next: FlaggedRelease | null;
  /** Whether `next` is supported. */
  supported: boolean;
}

/** Null while the Python is supported, or if its window is unknown. */
export function expiryOf(view: CatalogView, python: string, asOf: string): Expiry | null {
  const minor = minorOf(python);
  const index = view.pythons.findIndex((fact) => fact.python === minor);
  const expired = view.pythons[index];
  if (!expired || asOf < expired.supported_until) return null;
  let next: FlaggedRelease | null = null;
  for (const later of view.pythons.slice(index + 1)) {
    const newest = view.newestReleaseOf.get(later.python);
    if (!newest) continue;
    if (asOf < later.supported_until) return { python: expired, next: newest, supported: true };
    next = newest;
  }
  return { python: expired, next, supported: false };
}
