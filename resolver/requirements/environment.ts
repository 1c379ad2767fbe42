/** The environment of markers (PEP 508): the variables of one Python. */
import { parseVersion, type Version } from './version.ts';

/** The variables that hold versions. With these, and only these, comparisons are those of PEP 440. */
export function holdsVersion(variable: string): boolean {
  return /^(python(_full)?|implementation)_version$|^platform_release$/.test(variable);
}

export interface MarkerEnvironment {
  /** By variable. `extra` is not one of them: it differs from one requirement to the next. */
  readonly values: ReadonlyMap<string, string>;
  /** Those that {@link holdsVersion} and whose value is a version, parsed. */
  readonly versions: ReadonlyMap<string, Version>;
}

export function environmentOf(variables: Readonly<Record<string, string>>): MarkerEnvironment {
  const values = new Map(Object.entries(variables));
  const versions = new Map<string, Version>();
  for (const [variable, value] of values) {
    const version = holdsVersion(variable) && parseVersion(value);
    if (version) versions.set(variable, version);
  }
  return { values, versions };
}

/** By runtime: every question needs one, and a registry has few runtimes. */
const made = new Map<string, MarkerEnvironment>();
const MOST_MADE = 64;

/**
 * The environment of a Python Worker. `python` is a full version (`3.13.2`), `platform` as in a Pyodide lock
 * (`emscripten_4_0_9`). The values are what Python itself says in Pyodide 0.26.4, 0.29.5 and 314.0.7.
 */
export function markerEnvironment(runtime: { python: string; platform: string }): MarkerEnvironment {
  const key = `${runtime.python} ${runtime.platform}`;
  const known = made.get(key);
  if (known) return known;
  if (made.size >= MOST_MADE) made.clear();
  const environment = pythonWorkers(runtime);
  made.set(key, environment);
  return environment;
}

function pythonWorkers({ python, platform }: { python: string; platform: string }): MarkerEnvironment {
  return environmentOf({
    implementation_name: 'cpython',
    implementation_version: python,
    os_name: 'posix',
    platform_machine: 'wasm32',
    platform_python_implementation: 'CPython',
    platform_release: platform.startsWith('emscripten_') ? platform.slice(11).replaceAll('_', '.') : '',
    platform_system: 'Emscripten',
    platform_version: '#1',
    python_full_version: python,
    python_version: python.split('.', 2).join('.'),
    sys_platform: 'emscripten',
  });
}
