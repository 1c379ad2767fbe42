/** Measures the standard library of one Pyodide by booting it. */
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { withScratch } from '../../../cli/common/folders.ts';
import { readFromTarball } from '../../../cli/packages/npm.ts';
import {
  Measurement,
  type StandardLibraryFacts,
} from '../../../resolver/python/standard-library-document.ts';

export const FACTS = 'standard-library/facts.json';
export const MEASURED = 'standard-library/measured.json';
export const STANDARD_LIBRARY = 'python_stdlib.zip';

/** The files that Pyodide's loader reads; from 314 on, the program is a module. */
const FILES = ['package.json', 'pyodide.mjs', 'pyodide.asm.wasm', 'pyodide-lock.json', STANDARD_LIBRARY];
const PROGRAMS = ['pyodide.asm.js', 'pyodide.asm.mjs'];

const Outcome = Measurement.omit({ pyodides: true });
export type Outcome = Omit<Measurement, 'pyodides'>;

/** Boots the Pyodide in a folder, in a separate process. */
export async function measure(folder: string, { attempts }: StandardLibraryFacts): Promise<Outcome> {
  const code = JSON.stringify(Object.fromEntries(attempts.map(({ id, code }) => [id, code])));
  const words = [fileURLToPath(import.meta.url), folder, code];
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 1 << 24 });
  return Outcome.parse(JSON.parse(stdout));
}

/** Unpacks the files that Pyodide needs to boot from npm's tarball, and returns its standard library. */
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

/** The measurement of a Pyodide, and the SHA-256 of its standard library. */
export interface Shown {
  outcome: Outcome;
  sha256: string;
}

/** Measures the Pyodide of npm's tarball. */
export async function measureTarball(tarball: string, facts: StandardLibraryFacts): Promise<Shown> {
  return withScratch(tmpdir(), 'pyodide-', async (folder) => {
    const library = await unpackPyodide(tarball, folder);
    return { outcome: await measure(folder, facts), sha256: hash('sha256', library) };
  });
}

/** Adds a Pyodide to those with an equal measurement, or as the first of its kind. */
export function addMeasurement(
  measurements: Measurement[],
  { pyodide, measured, outcome, sha256 }: Shown & { pyodide: string; measured: string },
): void {
  const { python, ...rest } = outcome;
  const key = JSON.stringify([python, rest]);
  const twin = measurements.find(
    ({ python, pyodides: _, ...others }) => JSON.stringify([python, others]) === key,
  );
  if (twin) twin.pyodides.push({ pyodide, measured, sha256 });
  else measurements.push({ python, pyodides: [{ pyodide, measured, sha256 }], ...rest });
}

/** The separate process: boots the Pyodide in a folder, measures it, and prints the outcome as JSON. */
if (import.meta.main) {
  const [folder, attempts] = process.argv.slice(2) as [string, string];
  const module: typeof import('pyodide') = await import(pathToFileURL(join(folder, 'pyodide.mjs')).href);
  const quiet = () => {};
  const pyodide = await module.loadPyodide({ stdout: quiet, stderr: quiet });
  pyodide.globals.set('attempts', attempts);
  const script = await readFile(new URL('measure.py', import.meta.url), 'utf8');
  console.log(pyodide.runPython(script));
}
