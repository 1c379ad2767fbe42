/**
 * Pyodide's host of the checks in a browser, in a window or a worker: as one without stack switching, which newer
 * browsers have.
 */
Reflect.deleteProperty(WebAssembly, 'Suspending');
Reflect.deleteProperty(WebAssembly, 'promising');

async function bytesOf(path) {
  return new Uint8Array(await (await fetch(path)).arrayBuffer());
}

/** From a question, whose wheels and sources are paths on this origin, to the outcomes and what was printed. */
export async function answer(question) {
  const { loadPyodide } = await import('/pyodide/pyodide.mjs');
  const pyodide = await loadPyodide({ indexURL: '/pyodide/' });
  const printed = [];
  pyodide.setStdout({ batched: (line) => printed.push(line) });
  pyodide.setStderr({ batched: (line) => printed.push(line) });
  for (const wheel of question.wheels) pyodide.unpackArchive(await bytesOf(wheel), 'whl');
  pyodide.FS.mkdirTree('/checks');
  for (const source of question.sources) {
    pyodide.FS.writeFile(`/checks/${source.split('/').at(-1)}`, await bytesOf(source));
  }
  const call = pyodide.runPython('import sys; sys.path.insert(0, "/checks"); from call import call; call');
  const result = JSON.parse(await call(JSON.stringify(question)));
  return { result, printed: printed.join('\n') };
}
