/** The environment of markers (PEP 508): the variables of one Python. */

/** The variables that hold versions. With these, and only these, comparisons are those of PEP 440. */
export function holdsVersion(variable: string): boolean {
  return /^(python(_full)?|implementation)_version$|^platform_release$/.test(variable);
}

/** By variable. `extra` is not one of them: it differs from one requirement to the next. */
export type MarkerEnvironment = ReadonlyMap<string, string>;

/**
 * The environment of a Python Worker. `python` is a full version (`3.13.2`), `platform` as in a Pyodide lock
 * (`emscripten_4_0_9`). The values are what Python itself says in Pyodide 0.26.4, 0.29.5 and 314.0.7.
 */
export function markerEnvironment({
  python,
  platform,
}: {
  python: string;
  platform: string;
}): MarkerEnvironment {
  const variables = {
    python_version: python.split('.', 2).join('.'),
    implementation_name: 'cpython',
    implementation_version: python,
    os_name: 'posix',
    platform_machine: 'wasm32',
    platform_python_implementation: 'CPython',
    platform_release: platform.split('_').slice(1).join('.'),
    platform_system: 'Emscripten',
    platform_version: '#1',
    python_full_version: python,
    sys_platform: 'emscripten',
  };
  return new Map(Object.entries(variables));
}
