/** Loads packages by URL, or by their names in a lock, with Pyodide's own `loadPackage`, then runs a program. */
import { readQuestion, reply } from './host-process.ts';

const question = await readQuestion<{
  pyodide: string;
  packages: string[];
  use: string;
  /** The options of `loadPyodide`. */
  options?: object;
}>();
const { loadPyodide } = await import(`${question.pyodide}/pyodide.mjs`);
const pyodide = await loadPyodide({ indexURL: `${question.pyodide}/`, ...question.options });
const loaded = await pyodide.loadPackage(question.packages, { messageCallback: () => {} });
const used = await pyodide.runPythonAsync(question.use);
const names = loaded.map((each: { name: string }) => each.name);
reply({ names, used });
