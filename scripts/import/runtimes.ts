/** The Python, ABI and platform of a Pyodide version. */
import type { PackageSet } from '../../resolver/catalog.ts';
import type { Sources } from './sources.ts';

export interface RuntimeFacts {
  python: string;
  abi: string;
  platform: string;
}

/** @throws for a Pyodide version that is neither in the sets nor in `data/sources.json` */
export type RuntimeOf = (pyodide: string) => RuntimeFacts;

/** From Pyodide's lock files; for a Pyodide that is not on npm, from `data/sources.json`. */
export function runtimesOf(pyodideSets: PackageSet[], sources: Sources): RuntimeOf {
  const runtimes = new Map<string, RuntimeFacts>();
  for (const { runtime, python, abi, platform } of pyodideSets)
    runtimes.set(runtime, { python, abi, platform });
  for (const { pyodide, python, abi, platform } of sources.runtimes) {
    runtimes.set(pyodide, { python, abi, platform });
  }
  return (pyodide) => {
    const facts = runtimes.get(pyodide);
    if (!facts)
      throw new Error(`which Python is Pyodide ${pyodide}? Add it to runtimes in data/sources.json`);
    return facts;
  };
}
