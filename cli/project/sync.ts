/** Changes what a project requires, and the folder of its packages with it. */
import { editRequirements } from './edit-requirements.ts';
import { type Edit, Edits, withEdits } from './edits.ts';
import { type VendorOptions, vendor } from './vendor.ts';
import type { VendoredProject } from './vendor-report.ts';
import { projectHome } from './wrangler-file.ts';

/** If it cannot be resolved or vendored, the file is again what it was. A dry run leaves it so, too. */
export async function changeRequirements(
  words: readonly string[],
  isAdded: boolean,
  options: VendorOptions,
): Promise<{ file: string; edits: Edit[]; report: VendoredProject }> {
  const edits = new Edits();
  const { file } = await editRequirements(edits, projectHome(options.config), words, isAdded);
  const report = await withEdits(edits.all, options.dryRun !== true, () => vendor([], options));
  return { file, edits: edits.all, report };
}
