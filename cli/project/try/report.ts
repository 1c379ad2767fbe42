/** The report of `pinwheel try`, also for tools that build projects. */
import type { Issue } from '../../../resolver/index.ts';
import type { Finding } from '../../../resolver/python/index.ts';

/** A run on workerd. Sizes are in bytes; null if they were not measured. */
export interface TriedProject {
  /** Whether everything ran, and answered alike. */
  ok: boolean;
  /** The runtime of the run. */
  ground: string;
  /** The most that a Worker may have, and that it may hold in memory. */
  limit: number;
  memory_limit: number;
  /** The Worker as it is; and with `to`, as it would be. */
  sides: TriedSide[];
  comparison: Comparison | null;
}

export interface TriedSide {
  /** The compatibility date, or the package flag if two of these are compared. */
  label: string;
  /** The target that the Worker was built for; if it was not built, that of the date. */
  python: string;
  pyodide: string;
  package_set: string;
  /** Known vulnerabilities, as a sentence; null if there are none. */
  vulnerabilities: string | null;
  /** The errors of the check of what the build makes. */
  findings: Finding[];
  /** Why it was not built; empty if it was. */
  issues: readonly (Issue & { where?: string })[];
  /** The size of the Worker; null if it was not built. */
  size: number | null;
  /** The settings that name bindings, without which it was tried. */
  bindings: string[];
  modules: { name: string; error: string | null }[];
  /** Where the requests come from. */
  source: string;
  requests: { name: string; status: number | null; size: number | null; problem: string | null }[];
  /** Milliseconds of CPU of all threads of workerd, from its start until the first answer: the least of the runs. */
  cpu_ms: number | null;
  /** The heap, buffers and WebAssembly of the Worker in the last run, after so many requests. */
  memory: { bytes: number; after: number } | null;
}

/** The answers of both sides, by request, without those that neither gave; null if there are no two that were built. */
export interface Comparison {
  answers: {
    request: string;
    differences: Difference[];
    /** The differences, also those that change from run to run. */
    left_out: string[];
  }[];
  same: number;
  /** By how many per cent the second side needs more. */
  more_cpu: number | null;
  more_memory: number | null;
}

/** Where two answers differ, and what each has there, as one line; null if it has nothing there. */
export interface Difference {
  /** `status`, `header x-one`, `body`, `body.items[0].name`, `body, line 3` or `body, from line 3`. */
  place: string;
  from: string | null;
  to: string | null;
}
