import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** In hexadecimal. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Of files by their names, in their order. */
export async function digestOfFiles(files: readonly { path: string; file: string }[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, file } of files) hash.update(`${path}\0${sha256Of(await readFile(file))}\n`);
  return hash.digest('hex');
}
