/**
 * Why an index is of no use, as a stable code.
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
  /** The index's address is not a URL, or one of another kind. */
  | 'invalid_address'
  /** No connection, or one that broke off. */
  | 'unreachable'
  /** No whole answer within the time limit. */
  | 'timeout'
  /** Neither what was asked for nor a refusal that means something. */
  | 'unexpected_status'
  /** A redirect that leads nowhere, or if nobody should be led. */
  | 'redirect'
  /** More bytes, files or requests than any honest question takes. */
  | 'too_large'
  /** What came is neither a page of an index nor METADATA. */
  | 'malformed'
  /** The page or the METADATA is of another project or version. */
  | 'other_project'
  /** The bytes are not those that the index gives the hash of. */
  | 'other_bytes';

/**
 * An index that cannot be reached, or that sends something other than it should. `found` is what came and `wanted`
 * what should have come. Requirements that cannot be satisfied are no such error: they are an outcome with issues.
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
  /** What was asked for. */
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
