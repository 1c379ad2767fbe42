/** `pinwheel adopt`: makes a Python Worker of a web application, one change after the other. */
import { CommandError } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { editLines } from '../print/edits.ts';
import { print } from '../print/print.ts';
import { findingsLines } from '../print/remarks.ts';
import { screenOf, sentence } from '../print/table.ts';
import { type AdoptOptions, planAdoption } from '../project/adopt.ts';
import { writeEdits } from '../project/edits.ts';
import { checkFolder } from '../project/layout.ts';
import { type ConfirmOptions, checkConfirm, confirm } from './confirm.ts';
import { nextCommands, toolsFor } from './init.ts';

export async function adoptCommand(
  folder: string,
  options: AdoptOptions & ConfirmOptions & { format: string },
): Promise<void> {
  checkConfirm('adopt', options);
  await checkFolder(folder);
  process.chdir(folder);
  const { edits, reasons, left } = await planAdoption(options);
  const { yes = false, dryRun = false } = options;
  const screen = screenOf(process.stdout);
  const isText = options.format !== 'json';
  const say = (lines: readonly string[]) => isText && lines.length > 0 && print([...lines, '']);
  say(reasons.flatMap((reason) => sentence(reason, screen)));
  const written: string[] = [];
  for (const edit of edits) {
    const { file, before } = edit;
    const verb = before === '' ? 'create' : 'change';
    const isAsked = dryRun || !yes;
    if (isAsked) say(editLines(edit, `Would ${verb}`));
    if (dryRun || !(await confirm(`Shall pinwheel ${verb} ${file}?`, options))) continue;
    await writeEdits([edit]);
    if (!isAsked) say(editLines(edit, verb === 'change' ? 'Changed' : 'Created'));
    written.push(file);
  }
  if (left.length > 0) say(['This is left for you:', ...findingsLines(left, screen)]);
  if (!isText) print([JSON.stringify({ edits, written, reasons, left })]);
  else if (edits.length === 0) print(['There is nothing to do: this project is a Worker.']);
  else if (!dryRun) {
    const next = nextCommands(folder, await toolsFor(process.cwd()), true);
    print([`Wrote ${written.length} of ${count(edits.length, 'file')}. Next: ${next}`]);
  }
  if (left.length > 0) throw new CommandError(1, []);
}
