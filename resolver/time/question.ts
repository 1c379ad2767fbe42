/** Questions about time: they have no compatibility date, and their flags have a default. */
import { isPackageFlag } from '../compatibility/package-set.ts';
import type { TargetQuestion } from '../compatibility/target.ts';

export interface TimeQuestion extends Pick<TargetQuestion, 'as_of' | 'experimental'> {
  /** workerd's flags and at most one package flag; `python_workers` if there are none. */
  compatibility_flags?: readonly string[] | undefined;
}

const PYTHON_WORKERS = 'python_workers';

export function flagsOf({ compatibility_flags: flags }: TimeQuestion): readonly string[] {
  return flags && flags.length > 0 ? flags : [PYTHON_WORKERS];
}

/** workerd's flags of the question; a package flag among those that were asked implies `python_workers`. */
export function workerdFlagsOf(question: TimeQuestion): string[] {
  const asked = flagsOf(question);
  const flags = asked.filter((flag) => !isPackageFlag(flag));
  return flags.length < asked.length && !flags.includes(PYTHON_WORKERS) ? [PYTHON_WORKERS, ...flags] : flags;
}
