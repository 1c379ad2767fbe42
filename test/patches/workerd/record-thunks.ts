/** The small WebAssembly modules that Pyodide compiles at run time, in hexadecimal: a Worker has to include them. */
import { readFile } from 'node:fs/promises';
import { readQuestion, reply } from '../host-process.ts';

const question = await readQuestion<{ pyodide: string; wheels: string[]; imports: string }>();
const LARGEST = 65_536;
const seen = new Set<string>();
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, [bytes]: [ArrayBuffer | Uint8Array]) {
    if (bytes.byteLength <= LARGEST) seen.add(Buffer.from(bytes as Uint8Array).toString('hex'));
    return new target(bytes as Uint8Array<ArrayBuffer>);
  },
});
const { loadPyodide } = await import(`${question.pyodide}/pyodide.mjs`);
const pyodide = await loadPyodide({ indexURL: `${question.pyodide}/` });
for (const wheel of question.wheels) pyodide.unpackArchive(new Uint8Array(await readFile(wheel)), 'whl');
await pyodide.runPythonAsync(`
import asyncio, contextvars, email, gc, importlib.metadata, json, re, traceback, weakref, zlib
${question.imports}
from pyodide.ffi import run_sync

run_sync(asyncio.sleep(0.001))
async def nothing():
    async with asyncio.timeout(1):
        run_sync(asyncio.sleep(0.001))
await asyncio.create_task(nothing())
`);
reply([...seen]);
