/** Why a registry cannot be used, as a stable code. */
export type RegistryErrorCode =
  /** The registry's address is not a URL, or not one of http or https. */
  | 'invalid_address'
  /** No connection, or an interrupted one. */
  | 'unreachable'
  /** No complete response within the time limit. */
  | 'timeout'
  /** The status is neither a success nor a known error. */
  | 'unexpected_status'
  /** The response is larger than the limit. */
  | 'too_large'
  /** The response is not the requested document. */
  | 'malformed'
  /** The registry has no set of that digest. */
  | 'unknown_set'
  /** The bytes are not those that the digest names. */
  | 'digest_mismatch'
  /** The log does not continue the one that was seen before. */
  | 'history_changed'
  /** The registry sends something that the key of the log has not signed. */
  | 'not_signed'
  /** The newest signature is older than the client accepts, or does not say when it was made. */
  | 'stale';

/**
 * The registry cannot be reached, or sends an invalid response. The message is a whole sentence that names the host and the
 * cause; `fix` says what to do. A question without an answer is not such an error: it has issues.
 * @example
 * ```ts
 * import { createClient, RegistryError } from 'pinwheel-py/client';
 * const fetch = async () => new Response('<!doctype html>');
 * const pinwheel = createClient({ registry: 'https://registry.example', fetch });
 * const error = await pinwheel.target({ compatibility_date: '2025-11-02' }).catch((error: unknown) => error);
 * error instanceof RegistryError && error.code; // → 'malformed'
 * ```
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly fix: string;
  /** The URL of the failed request. */
  readonly url: string;

  constructor(
    code: RegistryErrorCode,
    about: { url: string; message: string; fix?: string | undefined; cause?: unknown },
  ) {
    const { url, message, fix = 'Check the address of the registry.', cause } = about;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fix = fix;
    this.url = url;
  }
}
