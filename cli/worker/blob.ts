/** Many files as one, with an index. */
import { readFile, writeFile } from 'node:fs/promises';
import type { FileIndex } from '../../runtime/site.ts';
import type { ProjectFile } from './inputs.ts';

export async function writeBlob(to: string, files: readonly ProjectFile[]): Promise<FileIndex> {
  const index: [string, number, number][] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  for (const { path, file } of files) {
    const bytes = await readFile(file);
    index.push([path, offset, bytes.length]);
    parts.push(bytes);
    offset += bytes.length;
  }
  await writeFile(to, Buffer.concat(parts));
  return index;
}
