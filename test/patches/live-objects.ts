/** Counts the objects that Python and JavaScript hold of each other. */

interface Internals {
  _module: {
    enable_pyproxy_allocation_tracing(): void;
    pyproxy_alloc_map: Map<unknown, unknown>;
    _hiwire_num_refs(): number;
  };
}

/**
 * A function that returns two counts: Python objects that JavaScript holds (PyProxy), and JavaScript objects that
 * Python holds (JsProxy and others).
 */
export function liveObjects(pyodide: unknown): () => number[] {
  const module = (pyodide as Internals)._module;
  module.enable_pyproxy_allocation_tracing();
  return () => [module.pyproxy_alloc_map.size, module._hiwire_num_refs()];
}
