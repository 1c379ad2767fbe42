/** `pinwheel try`: whether a project runs, and with `--to` whether it answers as before on another runtime. */

import { CommandError } from '../common/failure.ts';
import { writeWhole } from '../common/folders.ts';
import { print, printIssues } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { junitXml, tryLines } from '../print/try.ts';
import { type TryOptions, tryProject } from '../project/try/try.ts';

export async function tryCommand(
  folder: string,
  { junit, ...options }: TryOptions & { junit?: string },
): Promise<void> {
  const report = await tryProject(folder, options);
  if (options.format === 'json') print([JSON.stringify(report)]);
  else {
    for (const { issues } of report.sides) printIssues(issues);
    print(tryLines(report, screenOf(process.stdout)));
  }
  // The answer took a minute: it is told even if this file cannot be written.
  if (junit !== undefined) await writeWhole(junit, junitXml(report));
  if (!report.ok) throw new CommandError(1, []);
}
