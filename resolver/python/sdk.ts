import type { FlagFact } from '../catalog.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Host } from './project.ts';

/** Whether the runtime leaves the modules of Workers' SDK to the Worker: whether `flag` is on. */
export function sdkIsExternal(
  { enable, disable, enable_date }: Pick<FlagFact, 'enable' | 'disable' | 'enable_date'>,
  { compatibility_date: date, workerd_flags: flags }: { compatibility_date: string; workerd_flags: string[] },
): boolean {
  if (enable !== null && flags.includes(enable)) return true;
  if (disable !== null && flags.includes(disable)) return false;
  return enable_date !== null && date >= enable_date;
}

/** The same of the flag that a host's facts name, as it stood at the revision of a view. */
export function sdkIsExternalIn(
  { flagByName }: CatalogView,
  { facts, target }: Pick<Host, 'facts' | 'target'>,
): boolean {
  const flag = flagByName.get(facts.sdk.flag);
  return flag !== undefined && sdkIsExternal(flag.fact, target);
}
