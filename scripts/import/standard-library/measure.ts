/** Measures the standard library of one Pyodide by booting it. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readFromTarball } from '../../../cli/npm/tarball.ts';
import {
  Measurement,
  type StandardLibraryFacts,
} from '../../../resolver/python/standard-library-document.ts';

export const STANDARD_LIBRARY = 'python_stdlib.zip';

/** What Pyodide's loader reads; from 314 on, the program is a module. */
const FILES = ['package.json', 'pyodide.mjs', 'pyodide.asm.wasm', 'pyodide-lock.json', STANDARD_LIBRARY];
const PROGRAMS = ['pyodide.asm.js', 'pyodide.asm.mjs'];

const BOOT = fileURLToPath(new URL('boot.ts', import.meta.url));

const Outcome = Measurement.omit({ pyodides: true });
export type Outcome = Omit<Measurement, 'pyodides'>;

/** Boots the Pyodide that lies in a folder, in a process of its own. */
export async function measure(folder: string, { attempts }: StandardLibraryFacts): Promise<Outcome> {
  const code = JSON.stringify(Object.fromEntries(attempts.map(({ id, code }) => [id, code])));
  const { stdout } = await promisify(execFile)(process.execPath, [BOOT, folder, code], {
    maxBuffer: 1 << 24,
  });
  return Outcome.parse(JSON.parse(stdout));
}

/** Unpacks what it takes to boot a Pyodide from npm's tarball, and returns its standard library. */
export async function unpackPyodide(tarball: string, folder: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true });
  const unpack = async (file: string): Promise<Buffer> => {
    const bytes = await readFromTarball(tarball, `package/${file}`);
    await writeFile(join(folder, file), bytes);
    return bytes;
  };
  await Promise.any(PROGRAMS.map(unpack));
  const unpacked = await Promise.all(FILES.map(unpack));
  return unpacked[FILES.indexOf(STANDARD_LIBRARY)]!;
}
