/** A Python that is not Pyodide: the one that tests run with. */
import type { MarkerEnvironment } from '../../requirements/environment.ts';
import type { Runner } from '../../wheels/wheel-name.ts';

/**
 * A CPython as it describes itself.
 *
 * @example
 * ```ts
 * import type { HostPython } from 'pinwheel-py/solver';
 *
 * const host: HostPython = {
 *   markers: { python_version: '3.13', python_full_version: '3.13.2', sys_platform: 'linux' },
 *   tags: ['cp313-cp313-manylinux_2_28_x86_64', 'py3-none-any'],
 * };
 * host.tags.length; // → 2
 * ```
 */
export interface HostPython {
  /** The variables of markers: `packaging.markers.default_environment()`. */
  markers: Readonly<Record<string, string>>;
  /** The wheels that it runs, best first: `packaging.tags.sys_tags()`. */
  tags: readonly string[];
}

export function environmentOfHost({ markers, tags }: HostPython): {
  runner: Runner;
  environment: MarkerEnvironment;
} {
  const ranks = new Map(tags.map((tag, at) => [tag, tags.length - at]));
  const python = markers.python_full_version ?? '';
  const platform = markers.sys_platform ?? '';
  return {
    runner: { python, abi: platform, platform, tags: ranks },
    environment: new Map(Object.entries(markers)),
  };
}
