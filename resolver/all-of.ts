import type { Fault, Outcome } from './fault.ts';

/** The values of all outcomes, or everything that is wrong with any of them, each thing once. */
export function allOf<Values extends readonly unknown[]>(
  ...outcomes: { [At in keyof Values]: Outcome<Values[At]> }
): Outcome<Values> {
  const faults = new Map<string, Fault>();
  const values: unknown[] = [];
  for (const outcome of outcomes) {
    if (outcome.ok) values.push(outcome.value);
    else for (const fault of outcome.faults) faults.set(fault.message, fault);
  }
  if (faults.size > 0) return { ok: false, faults: [...faults.values()] };
  return { ok: true, value: values as unknown as Values };
}
