/** The content of pages of the simple index, in any format. */
import type { Patched } from '../../resolver/schemas.ts';

/** The version of the API that requires a size for every file (PEP 700). */
const WITH_SIZES = '1.1';
const WITHOUT_SIZES = '1.0';

export interface IndexPage {
  /** Canonical names, in order. */
  projects: readonly string[];
}

/** A wheel that an installer may use. */
export interface IndexedWheel {
  filename: string;
  /** From the registry's root. */
  path: string;
  sha256: string;
  /** In bytes; null until the wheel is stored. */
  size: number | null;
  /** The day of the first published release with these bytes, for ever; null if it cannot be looked up now. */
  uploaded: string | null;
  /** The day on which the page's set was released. */
  takenIn: string;
  /** `on demand` until the wheel is stored: a request for its METADATA stores it. Null if it has no METADATA. */
  metadata: { sha256: string } | 'on demand' | null;
  /** `Requires-Python` of its METADATA; null if it is unknown or missing. */
  requiresPython: string | null;
  /** Why it is yanked; null if it is not. */
  yanked: string | null;
  /** The package flag of the set that pins it, if that is not the set of the page. */
  pinnedBy: string | null;
  /** Who patched it; null if there is no known patch. */
  patched: Patched | null;
}

/** A file that the set pins and that installers cannot use. */
export interface UnlistedFile {
  filename: string;
  path: string;
  /** Null for a Pinwheel-built file. */
  upstreamUrl: string | null;
  sha256: string;
  reason: string;
}

export interface ProjectPage {
  /** The canonical name. */
  name: string;
  version: string;
  wheels: readonly IndexedWheel[];
  unlisted: readonly UnlistedFile[];
}

/** The index of a set, from the registry's root. */
export const indexPath = (flag: string) => `/simple/${flag}/`;

export const INDEX_API_VERSION = WITH_SIZES;

/** The highest version of the API that the page satisfies. */
export function apiVersionOf({ wheels }: ProjectPage): string {
  return wheels.every(({ size }) => size !== null) ? WITH_SIZES : WITHOUT_SIZES;
}
