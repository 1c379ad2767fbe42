/** Parameters that may be given once. */
import type { Fault } from '../../../resolver/fault.ts';

/** The values of `names`, without those that a form sent empty; a fault for each that was given several times. */
export function readSingles<Name extends string>(
  parameters: Record<string, string[]>,
  names: readonly Name[],
): { singles: Partial<Record<Name, string>>; faults: Fault[] } {
  const singles: Partial<Record<Name, string>> = {};
  const faults: Fault[] = [];
  for (const name of names) {
    const [first, ...others] = (parameters[name] ?? []).filter((text) => text !== '');
    if (first !== undefined) singles[name] = first;
    if (others.length > 0) faults.push(unreadable(`${name} is given more than once.`, 'Give it once.'));
  }
  return { singles, faults };
}

export function unreadable(message: string, fix: string): Fault {
  return { kind: 'malformed', code: 'invalid_parameter', message, fix };
}
