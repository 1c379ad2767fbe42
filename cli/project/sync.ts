/** Changes what a project requires, and the folder of its packages with it. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { writeWhole } from '../common/folders.ts';
import type { Edit } from './audit.ts';
import { editRequirements } from './edit-requirements.ts';
import { type VendorOptions, type VendorReport, vendor } from './vendor.ts';
import { projectHome } from './wrangler-file.ts';

/** If it cannot be resolved or vendored, the file is again what it was. A dry run leaves it so, too. */
export async function changeRequirements(
  words: readonly string[],
  isAdded: boolean,
  options: VendorOptions,
): Promise<{ edit: Edit; report: VendorReport }> {
  const edit = await editRequirements(projectHome(options.config), words, isAdded);
  const { file, before, after } = edit;
  const isNew = !existsSync(file);
  const restore = () => (isNew ? rm(file, { force: true }) : writeWhole(file, before));
  await writeWhole(file, after);
  try {
    const report = await vendor([], options);
    if (options.dryRun) await restore();
    return { edit, report };
  } catch (error) {
    await restore();
    throw error;
  }
}
