import type { FlagFact } from '../catalog.ts';

/** Whether the runtime leaves the modules of Workers' SDK to the Worker: whether `flag` is on. */
export function sdkIsExternal(
  { enable, disable, enable_date }: Pick<FlagFact, 'enable' | 'disable' | 'enable_date'>,
  { compatibility_date: date, workerd_flags: flags }: { compatibility_date: string; workerd_flags: string[] },
): boolean {
  if (enable !== null && flags.includes(enable)) return true;
  if (disable !== null && flags.includes(disable)) return false;
  return enable_date !== null && date >= enable_date;
}
