/** The first module of a Worker: prepares the host before Pyodide's module is evaluated. */
import { compiled } from 'pinwheel:wasm';
import { keyOf, standInForBrowser } from '../host.ts';

standInForBrowser((bytes) => {
  const module = compiled.get(keyOf(bytes));
  // Pyodide then assumes that the host does not support it.
  if (!module)
    throw new WebAssembly.CompileError('A Worker compiles no WebAssembly, and does not contain this.');
  return module;
});
