/** Evidence in words: the same on pages and in the command line. */
import type { Evidence } from './answer.ts';
import type { CatalogEvidence } from './catalog.ts';
import type { EvidenceResult, EvidenceStep } from './evidence.ts';
import { printable } from './text/printable.ts';

/** Where packages ran. */
export const GROUNDS = {
  pyodide: 'npm’s Pyodide in Node',
  build: 'a built Worker on workerd, not Cloudflare’s platform',
} as const satisfies Record<CatalogEvidence['ground'], string>;

export function evidenceSentence({ level, runtime, ground, day, detail }: Evidence): string {
  const shown = level[0]!.toUpperCase() + level.slice(1);
  if (ground === null) return `${shown}: not run here yet.`;
  const said = detail === null ? '' : `: ${printable(detail)}`;
  const sentence = `${shown} on Pyodide ${printable(runtime!)} in ${GROUNDS[ground]}, on ${day}${said}`;
  // The message of an exception may have a full stop of its own.
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

/** The steps of a package's run, each with what it took or how it failed. */
export function runFacts({ load, imports, lacks, at_import, smoke }: EvidenceResult): [string, string][] {
  return [
    ['Loading', stepText(load)],
    ...imports.map((step): [string, string] => [`import ${printable(step.module)}`, stepText(step)]),
    ...(lacks.length > 0 ? [['Also needs', lacks.join(', ')] as [string, string]] : []),
    ...(at_import?.length ? [['At import', `uses ${at_import.join(', ')}`] as [string, string]] : []),
    ...(smoke ? [['Smoke line', smoke.error ? errorText(smoke.error) : 'passed'] as [string, string]] : []),
  ];
}

const errorText = ({ type, message }: { type: string; message: string }) => printable(`${type}: ${message}`);

/** Such as `up to 300 ms of CPU time, up to 10 MiB more memory`. */
function stepText({ ms, mib, error }: EvidenceStep): string {
  if (error !== null) return errorText(error);
  const time = ms === null ? [] : [`up to ${ms} ms of CPU time`];
  const memory = mib === null ? [] : [`up to ${mib} MiB more memory`];
  return [...time, ...memory].join(', ') || 'done';
}
