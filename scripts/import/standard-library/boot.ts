/** Runs in a separate process: boots the Pyodide in a folder, measures it, and prints the result as JSON. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, attempts] = process.argv.slice(2) as [string, string];
const { loadPyodide } = (await import(
  pathToFileURL(join(folder, 'pyodide.mjs')).href
)) as typeof import('pyodide');
const quiet = () => {};
const pyodide = await loadPyodide({ stdout: quiet, stderr: quiet });
pyodide.globals.set('attempts', attempts);
const script = await readFile(new URL('measure.py', import.meta.url), 'utf8');
console.log(pyodide.runPython(script));
