/** The content of pages of the simple index, in any format. */
import type { Patched } from '../../resolver/catalog.ts';

/** The version of the API for pages all of whose files have a size, which it demands (PEP 700). */
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
  /** The day of the oldest release that has these very bytes; null if that cannot be asked now. */
  uploaded: string | null;
  /** The day on which the set of the page was released with it. */
  takenIn: string;
  /** Its METADATA, with its hash once the wheel is stored (a request for it stores the wheel); null if it has none. */
  metadata: { sha256: string } | 'on demand' | null;
  /** `Requires-Python` of its METADATA; null if that is not known or says nothing. */
  requiresPython: string | null;
  /** Why it is yanked; null if it is not. */
  yanked: string | null;
  /** The package flag of the set that pins it, if that is not the set of the page. */
  pinnedBy: string | null;
  /** Who patched it; null if nobody is known to. */
  patched: Patched | null;
}

/** The file that the set pins, if it is not a wheel that an installer may use. */
export interface UnlistedFile {
  filename: string;
  path: string;
  /** Where the bytes come from; null for a file of Pinwheel's own. */
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

/** The highest version of the API whose every demand the page meets. */
export function apiVersionOf({ wheels }: ProjectPage): string {
  return wheels.every(({ size }) => size !== null) ? WITH_SIZES : WITHOUT_SIZES;
}
