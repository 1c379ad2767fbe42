/** `pinwheel adopt`: makes a Python Worker of a web application, one change after the other. */
import { existsSync } from 'node:fs';
import { shellWord } from '../../resolver/text/printable.ts';
import { CommandError } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { editLines } from '../print/audit.ts';
import { findingsLines } from '../print/check.ts';
import { print, printRemarks } from '../print/print.ts';
import { screenOf, sentence } from '../print/table.ts';
import { type AdoptOptions, planAdoption } from '../project/adopt.ts';
import { checkFolder } from '../project/layout.ts';
import { writeEdits } from '../project/upgrade.ts';
import { type ConfirmOptions, confirm } from './confirm.ts';
import { commands, toolsFor } from './init.ts';

export async function adoptCommand(
  folder: string,
  options: AdoptOptions & ConfirmOptions & { format: string },
): Promise<void> {
  await checkFolder(folder);
  process.chdir(folder);
  const { edits, reasons, left } = await planAdoption(options);
  const { yes = false, dryRun = false } = options;
  const isUnasked = !yes && !dryRun && !process.stdin.isTTY;
  const screen = screenOf(process.stdout);
  const isText = options.format !== 'json';
  const say = (lines: readonly string[]) => isText && lines.length > 0 && print([...lines, '']);
  say(reasons.flatMap((reason) => sentence(reason, screen)));
  const written: string[] = [];
  for (const edit of edits) {
    const verb = existsSync(edit.file) ? 'change' : 'create';
    const isAsked = !yes || dryRun;
    if (isAsked) say(editLines(edit, `Would ${verb}`));
    if (dryRun || isUnasked || !(await confirm(`Shall pinwheel ${verb} ${edit.file}?`, options))) continue;
    await writeEdits([edit]);
    if (!isAsked) say(editLines(edit, verb === 'change' ? 'Changed' : 'Created'));
    written.push(edit.file);
  }
  if (left.length > 0) say(['This is left for you:', ...findingsLines(left, screen)]);
  if (!isText) print([JSON.stringify({ edits, written, reasons, left })]);
  else if (edits.length === 0) print(['There is nothing to do: this project is a Worker.']);
  else if (!dryRun && !isUnasked) {
    const way = folder === '.' ? [] : [`cd ${shellWord(folder)}`];
    const next = [...way, ...commands(await toolsFor(process.cwd()), true), 'npx wrangler dev'];
    print([`Wrote ${written.length} of ${count(edits.length, 'file')}. Next: ${next.join(' && ')}`]);
  }
  if (isUnasked && edits.length > 0) {
    const message = 'No file was changed: standard input is not a terminal, so nobody can be asked.';
    printRemarks([{ severity: 'warning', message, fix: 'Give --yes.' }]);
  }
  if (left.length > 0) throw new CommandError(1, []);
}
