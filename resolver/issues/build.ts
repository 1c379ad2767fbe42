/** Issues of Workers that are built with their own Pyodide: of projects, package sets in files, and imports. */
import { listed } from '../text/listed.ts';
import { printable } from '../text/printable.ts';
import { define } from './define.ts';

export const malformedSet = /* @__PURE__ */ define(
  'malformed',
  'malformed_set',
  ({ file, problem }: { file: string; problem: string }) => [
    `${printable(file)} ${problem}.`,
    'Name the pyodide-lock.json of an unpacked Pyodide distribution, with its wheels beside it.',
  ],
);

export const otherAbi = /* @__PURE__ */ define(
  'unanswerable',
  'other_abi',
  /** `abi`: of the file's packages; `expected`: of the runtime. */
  ({ file, abi, pyodide, expected }: { file: string; abi: string; pyodide: string; expected: string }) => [
    `${printable(file)} has packages of the ABI ${printable(abi)}, and Pyodide ${pyodide} has the ABI ${expected}.`,
    `Take a compatibility date or a package set whose runtime has the ABI ${printable(abi)}.`,
  ],
);

export const unknownPyodide = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_pyodide',
  ({ pyodide, known }: { pyodide: string; known: string[] }) => [
    `A Worker cannot carry Pyodide ${pyodide}: pinwheel does not know this release.`,
    `Take a date or a package set of ${listed(known, known.length)}, or a newer pinwheel.`,
  ],
);

/** Glue in which `text`, which is to be replaced, is not there exactly once. */
export const unknownGlue = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_glue',
  ({ pyodide, text }: { pyodide: string; text: string }) => [
    `The JavaScript of Pyodide ${pyodide} is not as expected: ${JSON.stringify(text)} is not there once.`,
    'Take another package set, or a newer pinwheel.',
  ],
);

export const noMain = /* @__PURE__ */ define(
  'unanswerable',
  'no_main',
  ({ file, problem }: { file: string; problem: string }) => [
    `${file} ${problem}.`,
    'Name the Python file that has the handlers: main = "src/entry.py".',
  ],
);

export const failedImport = /* @__PURE__ */ define(
  'unanswerable',
  'failed_import',
  ({ module, traceback }: { module: string; traceback: string }) => [
    `${module} could not be imported:\n${traceback}`,
    'Correct the project, or the requirements that it lacks.',
  ],
);

/** `output`: the end of what the process printed. */
export const failedSnapshot = /* @__PURE__ */ define(
  'unanswerable',
  'failed_snapshot',
  ({ output }: { output: string }) => [`The process that runs Python at build time failed:\n${output}`, null],
);

export const oldNode = /* @__PURE__ */ define(
  'unanswerable',
  'old_node',
  ({ node, needed }: { node: string; needed: number }) => [
    `pinwheel build needs Node ${needed} or newer, and this is ${node}.`,
    `Install Node ${needed}.`,
  ],
);
