/** The interface to an index. */

/**
 * One file of a project, as an index lists it (PEP 691 and 700). Files of all kinds are listed; only wheels are used.
 *
 * @example
 * ```ts
 * import type { IndexFile } from 'pinwheel-py/solver';
 *
 * const file: IndexFile = {
 *   filename: 'django-5.2.17-py3-none-any.whl',
 *   url: 'https://files.example/django-5.2.17-py3-none-any.whl',
 *   sha256: '64'.repeat(32),
 *   size: 8_300_000,
 *   upload_time: '2026-10-07T08:11:00Z',
 *   requires_python: '>=3.10',
 *   yanked: false,
 *   metadata: { sha256: null },
 * };
 * file.filename.endsWith('.whl'); // → true
 * ```
 */
export interface IndexFile {
  readonly filename: string;
  /** Absolute. */
  readonly url: string;
  /** Lower-case hex; null if the index does not say. Such a file cannot be pinned, and is not used. */
  readonly sha256: string | null;
  /** Bytes; null if unknown. */
  readonly size: number | null;
  /** RFC 3339, in UTC; null if unknown. */
  readonly upload_time: string | null;
  readonly requires_python: string | null;
  readonly yanked: boolean;
  /** Whether METADATA is served beside the file (PEP 714), and its hash if that is known. */
  readonly metadata: { readonly sha256: string | null } | null;
  /** Where several indexes are asked as one, the URL of the one that lists it. */
  readonly index?: string;
}

/**
 * The source of packages beyond the set. `openIndex` makes one from a simple index; any object that lists files and
 * reads their METADATA can be one.
 *
 * @example
 * ```ts
 * import type { PackageIndex } from 'pinwheel-py/solver';
 *
 * const empty: PackageIndex = {
 *   url: 'https://index.example/simple/',
 *   versionsOf: async () => null,
 *   metadataOf: async () => '',
 * };
 * await empty.versionsOf('django'); // → null
 * ```
 */
export interface PackageIndex {
  /** Its URL in answers; empty for one that lists nothing, and only follows URLs. */
  readonly url: string;
  /**
   * The files of a project, by its canonical name; null if the index does not have it. Files uploaded after `until`, in
   * milliseconds since 1970, may be left out; null if all are needed.
   */
  versionsOf(name: string, until?: number | null): Promise<readonly IndexFile[] | null>;
  /** The METADATA of one of these files. */
  metadataOf(file: IndexFile): Promise<string>;
  /** The wheel at a URL, for requirements with one; absent if URLs are not followed. */
  fileAt?(url: string): Promise<IndexFile>;
  /** The modules of one of these files, for a `pyodide-lock.json`; absent if not supported. */
  modulesOf?(file: IndexFile): Promise<string[]>;
}

/**
 * Several indexes as one, which asks them in order. A name belongs to the first that has it, so that nobody can inject
 * a newer version by another index.
 *
 * @example
 * ```ts
 * import { firstOf, openIndex } from 'pinwheel-py/solver';
 *
 * const index = firstOf([
 *   openIndex({ url: 'https://packages.example/simple/' }),
 *   openIndex({ url: 'https://pypi.org/simple/' }),
 * ]);
 * index.url; // → 'https://packages.example/simple/ https://pypi.org/simple/'
 * ```
 */
export function firstOf(indexes: readonly PackageIndex[]): PackageIndex {
  /** By the URL of the file. */
  const owners = new Map<string, PackageIndex>();
  const owned = (file: IndexFile, index: PackageIndex, more: Pick<IndexFile, 'index'>): IndexFile => {
    owners.set(file.url, index);
    return { ...more, ...file };
  };
  const follower = indexes.find(({ fileAt }) => fileAt);
  return {
    url: indexes.flatMap(({ url }) => url || []).join(' '),
    async versionsOf(name, until) {
      for (const index of indexes) {
        const files = await index.versionsOf(name, until);
        if (files !== null) return files.map((file) => owned(file, index, { index: index.url }));
      }
      return null;
    },
    metadataOf: (file) => owners.get(file.url)!.metadataOf(file),
    modulesOf: async (file) => (await owners.get(file.url)!.modulesOf?.(file)) ?? [],
    ...(follower && { fileAt: async (url: string) => owned(await follower.fileAt!(url), follower, {}) }),
  };
}
