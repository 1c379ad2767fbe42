/** The interface to an index. */
import { canonicalName } from '../requirements/name.ts';
import { printable } from '../text/printable.ts';
import { parseWheelName } from '../wheels/wheel-name.ts';

/** Why an index cannot be used, as a stable code. */
export type IndexErrorCode =
  /** The index's address is not a URL, or not one of http or https. */
  | 'invalid_address'
  /** No connection, or an interrupted one. */
  | 'unreachable'
  /** No complete response within the time limit. */
  | 'timeout'
  /** The status is neither a success nor a known error. */
  | 'unexpected_status'
  /** An invalid redirect, or one that must not be followed. */
  | 'redirect'
  /** More bytes, files or requests than the limit. */
  | 'too_large'
  /** Too many requests in a short time. */
  | 'too_often'
  /** The response is neither a page of an index nor METADATA. */
  | 'malformed'
  /** The page or the METADATA is of another project or version. */
  | 'other_project'
  /** The bytes do not match the hash of the index. */
  | 'other_bytes';

/**
 * The index cannot be reached, or sends an invalid response: `found` is what it sent, `wanted` what was expected.
 * Requirements that cannot be satisfied are not such an error, but an outcome with issues.
 * @example
 * ```ts
 * import { IndexError, openIndex } from 'pinwheel-py/solver';
 * const fetch = async () => new Response('{}', { headers: { 'content-type': 'application/json' } });
 * const index = openIndex({ url: 'https://index.example/simple/', fetch });
 * const error = await index.versionsOf('django').catch((error: unknown) => error);
 * error instanceof IndexError && error.code; // → 'malformed'
 * ```
 */
export class IndexError extends Error {
  override readonly name = 'IndexError';
  readonly code: IndexErrorCode;
  readonly found: string;
  readonly wanted: string;
  /** The requested URL. */
  readonly url: string;

  constructor(code: IndexErrorCode, about: { url: string; found: string; wanted: string; cause?: unknown }) {
    const { url, found, wanted, cause } = about;
    const message =
      code === 'unreachable' || code === 'timeout' || code === 'too_often'
        ? `${url} could not be reached: ${found}.`
        : `${url}: expected ${wanted}, found ${found}.`;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.found = found;
    this.wanted = wanted;
    this.url = url;
  }
}

/** Throws an {@link IndexError}. */
export function refuse(code: IndexErrorCode, url: string, found: string, wanted: string): never {
  throw new IndexError(code, { url, found, wanted });
}

/**
 * One file of a project, as an index lists it (PEP 691 and 700). Files of all kinds are listed; only wheels are used.
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
  /** Where several indexes are asked as one, the URL of the one that lists it; null for a file that none lists. */
  readonly index?: string | null;
}

/**
 * The source of packages beyond the set. `openIndex` makes one from a simple index; any object that lists files and
 * reads their METADATA can be one.
 */
export interface PackageIndex {
  /** The URL of the index in answers; empty for an index that lists nothing, and only follows URLs. */
  readonly url: string;
  /** The URLs of several indexes that are asked as one, in their order; `url` has all of them. */
  readonly urls?: readonly string[];
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

/** The value of a key, which is looked up once. */
export function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? find();
  known.set(key, value);
  // A failure reaches those who await it later; until then, it must not count as unhandled.
  value.catch(() => {});
  return value;
}

/** The key of a file's cached METADATA. A page of another project can list the same URL, or claim the same hash. */
export function cacheKey({ index, filename, url, sha256, metadata }: IndexFile): string {
  return JSON.stringify([index ?? null, filename, url, sha256, metadata]);
}

/** The URLs of an index in answers. */
export function urlsOf(index: PackageIndex | null): readonly string[] {
  return index?.urls ?? [index?.url ?? ''].filter((url) => url !== '');
}

/** The project of a wheel, as its file name says; null for other files. */
export function projectOf({ filename }: Pick<IndexFile, 'filename'>): string | null {
  const wheel = parseWheelName(filename);
  return wheel ? canonicalName(wheel.project) : null;
}

/**
 * Several indexes as one, which asks them in order. A name belongs to the first that has it, so that nobody can inject
 * a newer version by another index.
 * @example
 * ```ts
 * import { firstOf, openIndex } from 'pinwheel-py/solver';
 * const urls = ['https://packages.example/simple/', 'https://pypi.org/simple/'];
 * firstOf(urls.map((url) => openIndex({ url }))).url; // → 'https://packages.example/simple/ https://pypi.org/simple/'
 * ```
 */
export function firstOf(indexes: readonly PackageIndex[]): PackageIndex {
  /** The index of each project: other indexes are not asked for its files. */
  const owners = new Map<string, PackageIndex>();
  const followed = new Set<string>();
  const follower = indexes.find(({ fileAt }) => fileAt);
  const addressOf = ({ filename, url, sha256 }: IndexFile) => JSON.stringify([filename, url, sha256]);
  const ownerOf = (file: IndexFile): PackageIndex => {
    const owner = followed.has(addressOf(file)) ? follower : owners.get(projectOf(file) ?? '');
    if (owner) return owner;
    refuse('other_project', file.url, `the file ${printable(file.filename)}`, 'a wheel that an index lists');
  };
  const urls = indexes.flatMap(urlsOf);
  return {
    url: urls.join(' '),
    urls,
    async versionsOf(name, until) {
      for (const index of indexes) {
        const files = await index.versionsOf(name, until);
        if (files === null) continue;
        owners.set(name, index);
        return files.map((file) => ({ index: index.url, ...file }));
      }
      return null;
    },
    metadataOf: async (file) => ownerOf(file).metadataOf(file),
    modulesOf: async (file) => (await ownerOf(file).modulesOf?.(file)) ?? [],
    ...(follower && {
      fileAt: async (url: string) => {
        const file = await follower.fileAt!(url);
        followed.add(addressOf(file));
        return file;
      },
    }),
  };
}
