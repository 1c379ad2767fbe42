/** The identity of documents: SHA-256 over canonical JSON. */

// The only part of the host's API that is used here.
declare const crypto: { subtle: { digest(algorithm: 'SHA-256', bytes: Uint8Array): Promise<ArrayBuffer> } };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

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
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
