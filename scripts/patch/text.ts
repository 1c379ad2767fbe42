/** Text and its bytes. */

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** @throws if the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
