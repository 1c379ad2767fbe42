/** A Worker that carries its own Pyodide, and runs the checks, or calls the function, that a request asks for. */

import { lock, sources, thunks, wheels } from './bundled.mjs';
import createPyodideModule from './pyodide.asm.mjs';
import pyodideWasm from './pyodide.asm.wasm';
import { loadPyodide } from './pyodide.mjs';
import stdlib from './python_stdlib.zip';

const INDEX = 'https://pyodide.bundled/';

// Pyodide believes itself in a browser's worker, and asks for some of what is there.
globalThis.location ??= { href: INDEX, origin: INDEX, toString: () => INDEX };
globalThis.addEventListener = () => {};
const hostFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = typeof input === 'string' ? input : String(input.url ?? input);
  return url === `${INDEX}python_stdlib.zip` ? Promise.resolve(new Response(stdlib)) : hostFetch(input, init);
};
WebAssembly.instantiateStreaming = async (_, imports) => ({
  module: pyodideWasm,
  instance: await WebAssembly.instantiate(pyodideWasm, imports),
});
// Workers compile no bytes. What Pyodide would compile are small thunks, known beforehand and bundled as modules.
const HostModule = WebAssembly.Module;
WebAssembly.Module = new Proxy(HostModule, {
  construct(target, [bytes]) {
    const key = bytes instanceof HostModule ? undefined : hex(bytes);
    const thunk = thunks.get(key);
    if (thunk) return thunk;
    missing.push(key);
    return new target(bytes);
  },
});
const missing = [];

function hex(bytes) {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  return Array.from(view, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let booted;
async function boot() {
  const pyodide = await loadPyodide({
    createPyodideModule,
    indexURL: INDEX,
    lockFileContents: lock,
    stdout: print,
    stderr: print,
  });
  for (const wheel of wheels) pyodide.unpackArchive(new Uint8Array(wheel), 'whl');
  pyodide.FS.mkdirTree('/checks');
  for (const [name, source] of sources) pyodide.FS.writeFile(`/checks/${name}`, source);
  return pyodide.runPython(`
import sys
sys.path.insert(0, "/checks")
from call import call
call
`);
}

const printed = [];
function print(line) {
  printed.push(line);
}

export default {
  async fetch(request) {
    try {
      booted ??= boot();
      const call = await booted;
      const result = JSON.parse(await call(await request.text()));
      return Response.json({ result, printed: printed.join('\n') });
    } catch (error) {
      return new Response(`${error.stack ?? error}\n${printed.join('\n')}\nnot bundled: ${missing}`, {
        status: 500,
      });
    }
  },
};
