import { createHash } from 'node:crypto';

/** Lower-case hexadecimal SHA-256 of bytes, or of a text's UTF-8 bytes. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** @throws when `content` is not what was pinned; `name` says what it is */
export function checkPin(name: string, content: string, pinned: string | undefined): void {
  const actual = sha256(content);
  if (pinned !== undefined && actual !== pinned) {
    throw new Error(`${name} has the SHA-256 ${actual}, but ${pinned} is pinned`);
  }
}
