/** The smoke lines of `data/evidence/smoke/`, by the name of their package. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function readSmokeLines(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.py'));
  const lines = files.map(async (name) => {
    return [name.slice(0, -'.py'.length), await readFile(join(folder, name), 'utf8')] as const;
  });
  return new Map(await Promise.all(lines));
}
