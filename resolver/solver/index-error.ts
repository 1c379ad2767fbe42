/**
 * Why an index cannot be used, as a stable code.
 *
 * @example
 * ```ts
 * import type { IndexErrorCode } from 'pinwheel-py/solver';
 *
 * const mayPass: IndexErrorCode[] = ['unreachable', 'timeout', 'unexpected_status'];
 * mayPass.includes('other_bytes'); // → false
 * ```
 */
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
  /** The response is neither a page of an index nor METADATA. */
  | 'malformed'
  /** The page or the METADATA is of another project or version. */
  | 'other_project'
  /** The bytes do not match the hash of the index. */
  | 'other_bytes';

/**
 * The index cannot be reached, or sends an invalid response. `found` is what it sent, and `wanted` what was expected.
 * Requirements that cannot be satisfied are not such an error, but an outcome with issues.
 *
 * @example
 * ```ts
 * import { IndexError, openIndex } from 'pinwheel-py/solver';
 *
 * const fetch = async () => new Response('{}', { headers: { 'content-type': 'application/json' } });
 * const index = openIndex({ url: 'https://index.example/simple/', fetch });
 * const error = await index.versionsOf('django').catch((error: unknown) => error);
 * if (!(error instanceof IndexError)) throw error;
 * error.code; // → 'malformed'
 * error.url; // → 'https://index.example/simple/django/'
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
      code === 'unreachable' || code === 'timeout'
        ? `${url} could not be reached: ${found}.`
        : `${url}: expected ${wanted}, found ${found}.`;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.found = found;
    this.wanted = wanted;
    this.url = url;
  }
}
