/**
 * Runs the checks in Pyodide, in a process of its own: reads a question as JSON from stdin, and writes the outcomes as
 * JSON to the last line of stdout.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readQuestion, reply } from './host-process.ts';
import type { Question } from './hosts.ts';
import { liveObjects } from './live-objects.ts';

const question = await readQuestion<Question & { pyodide: string; stackSwitching: boolean }>();
if (!question.stackSwitching) {
  // What a host without JSPI lacks. Newer versions of Node have it with any flags.
  Reflect.deleteProperty(WebAssembly, 'Suspending');
  Reflect.deleteProperty(WebAssembly, 'promising');
}
const { loadPyodide } = await import(`${question.pyodide}/pyodide.mjs`);
const pyodide = await loadPyodide({ indexURL: `${question.pyodide}/` });

const printed: string[] = [];
pyodide.setStdout({ batched: (line: string) => printed.push(line) });
pyodide.setStderr({ batched: (line: string) => printed.push(line) });

for (const wheel of question.wheels) pyodide.unpackArchive(new Uint8Array(await readFile(wheel)), 'whl');
pyodide.FS.mkdirTree('/checks');
for (const source of question.sources) {
  pyodide.FS.writeFile(`/checks/${basename(source)}`, await readFile(source, 'utf8'));
}
// For checks that count: the Python objects that JavaScript holds, and the JavaScript objects that Pyodide holds.
(globalThis as { liveObjects?: unknown }).liveObjects = liveObjects(pyodide);

const call = pyodide.runPython(`
import sys
sys.path.insert(0, "/checks")
from call import call
call
`);
reply(JSON.parse(await call(JSON.stringify(question))), printed);
