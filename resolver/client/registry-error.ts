/**
 * Why a registry is of no use, as a stable code.
 *
 * @example
 * ```ts
 * import type { RegistryErrorCode } from 'pinwheel-py/client';
 *
 * const mayPass: RegistryErrorCode[] = ['unreachable', 'timeout', 'unexpected_status'];
 * mayPass.includes('digest_mismatch'); // → false
 * ```
 */
export type RegistryErrorCode =
  /** The registry's address is no URL, or one of another kind. */
  | 'invalid_address'
  /** No connection, or one that broke off. */
  | 'unreachable'
  /** No whole answer within the time limit. */
  | 'timeout'
  /** Neither the document nor a refusal that means something. */
  | 'unexpected_status'
  /** More bytes than any such document has. */
  | 'too_large'
  /** What came is not the document that was asked for. */
  | 'malformed'
  /** The registry has no set of that digest. */
  | 'unknown_set'
  /** The bytes are not those that the digest names. */
  | 'digest_mismatch'
  /** The log is not the one that was seen before, continued. */
  | 'history_changed';

/**
 * A registry that cannot be reached, or that sends something other than it should. `found` is what came and
 * `wanted` what should have come. A question without an answer is no such error: it is an outcome with issues.
 *
 * @example
 * ```ts
 * import { createClient, RegistryError } from 'pinwheel-py/client';
 *
 * const fetch = async () => new Response('<!doctype html>');
 * const client = createClient({ registry: 'https://registry.example', fetch });
 * const error = await client.view().catch((error: unknown) => error);
 * if (!(error instanceof RegistryError)) throw error;
 * [error.code, error.found, error.wanted]; // → ['malformed', 'no JSON', 'a catalog']
 * error.url; // → 'https://registry.example/v1/catalog'
 * ```
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly found: string;
  readonly wanted: string;
  /** What was asked for. */
  readonly url: string;

  constructor(
    code: RegistryErrorCode,
    about: { url: string; found: string; wanted: string; cause?: unknown },
  ) {
    const { url, found, wanted, cause } = about;
    super(`${url}: found ${found}, wanted ${wanted}.`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.found = found;
    this.wanted = wanted;
    this.url = url;
  }
}
