/** The first module of a Worker: what Pyodide expects of its host, before Pyodide looks for it. */
import { compiled } from 'pinwheel:wasm';
import { keyOf } from '../compiled.ts';
import { standInForBrowser } from '../host.ts';

standInForBrowser((bytes) => {
  const module = compiled.get(keyOf(bytes));
  // What Pyodide takes for a host without the means, and does without.
  if (!module)
    throw new WebAssembly.CompileError('A Worker compiles no WebAssembly, and does not contain this.');
  return module;
});
