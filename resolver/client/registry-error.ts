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
  /** The registry's address is not a URL, or one of another kind. */
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
  | 'history_changed'
  /** The key of the log has not signed what the registry sends. */
  | 'not_signed';

/**
 * A registry that cannot be reached, or that sends something other than it should. The message is a whole sentence
 * that names the host and the cause; `fix` says what to do. A question without an answer is no such error: it has
 * issues.
 *
 * @example
 * ```ts
 * import { createClient, RegistryError } from 'pinwheel-py/client';
 *
 * const fetch = async () => new Response('<!doctype html>');
 * const pinwheel = createClient({ registry: 'https://registry.example', fetch });
 * const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const error = await pinwheel.target(question).catch((error: unknown) => error);
 * if (!(error instanceof RegistryError)) throw error;
 * error.code; // → 'malformed'
 * error.message; // → 'What https://registry.example/v1/catalog sent is not a catalog: it is not JSON.'
 * ```
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly fix: string;
  /** What was asked for. */
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
