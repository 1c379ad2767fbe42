/** Makes the folder of a project's packages, and its lock if that is asked for, what its requirements need. */
import { misused, unanswered } from '../common/failure.ts';
import { editRequirements } from './edit-requirements.ts';
import { type Edit, Edits, withEdits } from './edits.ts';
import { lockText, solveLock } from './lock.ts';
import { lockEdits } from './sources/project-lock.ts';
import { requirementFiles } from './sources/sources.ts';
import { type VendorOptions, vendor } from './vendor.ts';
import type { VendoredProject } from './vendor-report.ts';
import { projectHome } from './wrangler-file.ts';

export interface SyncOptions extends VendorOptions {
  /** Also writes `pylock.toml`. */
  lock?: true;
}

export interface Synced {
  report: VendoredProject;
  /** The edits of the lock; none if it is up to date. */
  locked: Edit[];
}

/** If the packages cannot be had, the lock is again what it was. A dry run leaves it so, too. */
export async function syncProject(options: SyncOptions): Promise<Synced> {
  const files = await requirementFiles(projectHome(options.config), options.group);
  if (files.length === 0) throw misused({ problem: 'nothing_to_sync' });
  const locked = options.lock ? await planLock(options) : [];
  const report = await withEdits(locked, options.dryRun !== true, () =>
    vendor([], { ...options, onlyChanges: true }),
  );
  return { report, locked };
}

async function planLock(options: SyncOptions): Promise<Edit[]> {
  // Remarks on the project come once: vendoring has them too.
  const solved = await solveLock([], { ...options, listener: { ...options.listener, remarks: () => {} } });
  const lacking = await solved.lack();
  if (lacking.length > 0) throw unanswered(lacking);
  const { text, remarks } = lockText(solved);
  options.listener.remarks(remarks);
  return lockEdits(solved.home, solved.before, text);
}

/** If the project cannot be synced, the file is again what it was. A dry run leaves it so, too. */
export async function changeRequirements(
  words: readonly string[],
  isAdded: boolean,
  options: SyncOptions,
): Promise<Synced & { file: string; edits: Edit[] }> {
  const edits = new Edits();
  const file = await editRequirements(edits, projectHome(options.config), words, isAdded, options);
  const synced = await withEdits(edits.all, options.dryRun !== true, () => syncProject(options));
  return { ...synced, file, edits: edits.all };
}
