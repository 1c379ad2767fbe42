/**
 * Imports a module in a Pyodide whose memory is saved, where network, entropy and threads fail, then restores it and
 * uses the module. It runs in a process of its own, because it removes these features from the host.
 */
import { readFile } from 'node:fs/promises';
import { readQuestion, reply } from './host-process.ts';

const question = await readQuestion<{ pyodide: string; wheels: string[]; imports: string; use: string }>();
const { loadPyodide } = await import(`${question.pyodide}/pyodide.mjs`);
const indexURL = `${question.pyodide}/`;

const first = await loadPyodide({ indexURL, _makeSnapshot: true });
for (const wheel of question.wheels) first.unpackArchive(new Uint8Array(await readFile(wheel)), 'whl');

const asked: string[] = [];
const forbid = (owner: object, name: string) => {
  const original = Reflect.get(owner, name);
  Reflect.set(owner, name, () => {
    asked.push(name);
    throw new Error(`${name} before the snapshot`);
  });
  return () => Reflect.set(owner, name, original);
};
const restores = [
  forbid(globalThis, 'fetch'),
  forbid(globalThis.crypto, 'getRandomValues'),
  forbid(globalThis.crypto, 'randomUUID'),
  forbid(Math, 'random'),
];
const facts = first.runPython(`
import _thread, json, os, random, sys

def forbidden(*arguments, **options):
    raise RuntimeError("before the snapshot")

kept = (_thread.start_new_thread, _thread.start_joinable_thread, os.urandom)
_thread.start_new_thread = _thread.start_joinable_thread = os.urandom = forbidden
before = set(sys.modules)
state = random.getstate()
${question.imports}
_thread.start_new_thread, _thread.start_joinable_thread, os.urandom = kept
json.dumps({
    "modules": sorted(set(sys.modules) - before),
    "random_untouched": random.getstate() == state,
})
`);
const snapshot: Uint8Array = first.makeMemorySnapshot();
for (const restore of restores) restore();

const second = await loadPyodide({ indexURL, _loadSnapshot: snapshot });
const used = await second.runPythonAsync(question.use);
reply({ ...JSON.parse(facts), asked, used });
