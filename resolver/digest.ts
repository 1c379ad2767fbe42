/** The identity of documents: SHA-256 over canonical JSON. */
import { encode, hexOf } from './bytes.ts';

// The only part of the host's API that is used here.
declare const crypto: { subtle: { digest(algorithm: 'SHA-256', bytes: Uint8Array): Promise<ArrayBuffer> } };

/** JSON with sorted keys and no white space: equal values have equal bytes. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const of = value as Record<string, unknown>;
  const members = Object.keys(of).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalJson(of[key])}`).join(',')}}`;
}

/** Lower-case hexadecimal SHA-256 of bytes, or of a string's UTF-8 bytes, by Web Crypto. */
export async function sha256(content: string | Uint8Array): Promise<string> {
  return hexOf(await hashOf(typeof content === 'string' ? encode(content) : content));
}

export async function hashOf(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** The digest of a document; null if it is nested too deeply. */
export async function digestOf(document: unknown): Promise<string | null> {
  let canonical: string;
  try {
    canonical = canonicalJson(document);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return sha256(canonical);
}
