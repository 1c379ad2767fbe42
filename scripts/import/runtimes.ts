/** Which Python, ABI and platform a Pyodide version has. */
import type { PackageSet } from '../../resolver/catalog.ts';
import type { Sources } from './sources.ts';

export interface RuntimeFacts {
  python: string;
  abi: string;
  platform: string;
}

/** @throws for a Pyodide version that neither the sets nor the hand-kept facts know */
export type RuntimeOf = (pyodide: string) => RuntimeFacts;

/** Pyodide's own lock files say it of each release; hand-kept facts of a Pyodide that has none on npm. */
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
