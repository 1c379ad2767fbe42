/** Reads and scans the Python files of a project. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSource, type ScannedFile, scanPython } from '../../../resolver/python/index.ts';
import { MAX_SOURCE_BYTES } from '../../../resolver/python/source.ts';

/** Files that are read at a time, before they are scanned. */
const AT_A_TIME = 64;

/** @param paths below `root`; extensions among them have nothing to scan */
export async function scanFiles(
  root: string,
  paths: readonly string[],
  watched: ReadonlySet<string>,
): Promise<ScannedFile[]> {
  const sources = paths.filter((path) => path.endsWith('.py'));
  const files: ScannedFile[] = [];
  for (let at = 0; at < sources.length; at += AT_A_TIME) {
    const some = sources.slice(at, at + AT_A_TIME);
    const contents = await Promise.all(some.map((path) => readSource(join(root, path))));
    for (const [index, path] of some.entries()) files.push(scanFile(path, contents[index]!, watched));
  }
  return files;
}

function scanFile(path: string, content: Buffer | string, watched: ReadonlySet<string>): ScannedFile {
  const source =
    typeof content === 'string' ? ({ ok: false, problem: content } as const) : decodeSource(content);
  if (!source.ok) return { path, imports: [], references: [], broken: null, problem: source.problem };
  return { path, ...scanPython(source.text, watched), problem: null };
}

/** The bytes, or why there are none. */
async function readSource(path: string): Promise<Buffer | string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_SOURCE_BYTES) return `is larger than ${MAX_SOURCE_BYTES / 1_000_000} MB`;
    return await readFile(path);
  } catch (error) {
    return `could not be read (${(error as NodeJS.ErrnoException).code})`;
  }
}
