/** What Python's own tools report about a wheel. */
import { fileURLToPath } from 'node:url';
import { python } from './python-packages.ts';

/** The output of wheel_facts.py. */
export interface WheelFacts {
  /** What is wrong with RECORD. */
  issues: string[];
  names: string[];
  times: number[][];
  name: string;
  version: string;
  requires: string[];
  extras: string[];
  /** Length of the description. */
  description: number;
  tags: string[];
  /** `true` or `false`. */
  pure: string;
  statement: {
    writer: string;
    upstream: object;
    recipe: { sha256: string };
    files: Record<'added' | 'changed', object> & { removed: string[] };
  };
  /** Path inside `.dist-info/` to SHA-256. */
  licences: Record<string, string>;
  /** Path to SHA-256. */
  digests: Record<string, string>;
  /** Files that begin like machine code or WebAssembly. */
  compiled: string[];
}

const script = fileURLToPath(new URL('wheel_facts.py', import.meta.url));

export async function wheelFacts(path: string): Promise<WheelFacts> {
  return JSON.parse(await python([script, path]));
}
