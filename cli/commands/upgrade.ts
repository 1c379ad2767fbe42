/** `pinwheel upgrade`: applies a move to another compatibility date, once it was tried. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { today } from '../../resolver/compatibility/date.ts';
import { notMoved } from '../../resolver/issues/build.ts';
import { CommandError, unanswered } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { editLines } from '../print/edits.ts';
import { print } from '../print/print.ts';
import { findingsLines } from '../print/remarks.ts';
import { joinSections, screenOf } from '../print/table.ts';
import { commandIn, pinwheelIn } from '../print/words.ts';
import { withEdits, writeEdits } from '../project/edits.ts';
import { commandWith, wordsOf } from '../project/options.ts';
import { type TryOptions, tryProject } from '../project/try/try.ts';
import { planUpgrade } from '../project/upgrade.ts';
import { type ConfirmOptions, checkConfirm, confirm } from './confirm.ts';
import { tryLines } from './try.ts';

type Options = TryOptions & ConfirmOptions & { try: boolean };

export async function upgradeCommand(folder: string, given: Options): Promise<void> {
  const { to = given.asOf ?? today(), dryRun = false, format } = given;
  const options = { ...given, to };
  checkConfirm('upgrade', options);
  const { config, home, edits, left } = await planUpgrade(folder, options);
  const isText = format !== 'json';
  const screen = screenOf(process.stdout);
  const say = (...sections: string[][]) => isText && print(joinSections(sections));
  const end = (tried: object | null, applied: boolean) =>
    isText || print([JSON.stringify({ to, applied, edits, left, tried })]);

  const byHand = findingsLines(left, screen, home);
  say(
    byHand.length > 0 ? ['Only a person can change this:', ...byHand] : [],
    ...edits.map((edit) => editLines(edit, 'Would change')),
  );
  const isBlocked = left.some(({ severity }) => severity === 'error');
  if (edits.length === 0 && !isBlocked) say([`Nothing to change: this project has the date ${to}.`]);
  if (dryRun || edits.length === 0 || (isBlocked && options.try)) {
    end(null, false);
    if (!isBlocked) return;
    throw dryRun ? new CommandError(1, []) : unanswered([notMoved({ problem: 'left', to })]);
  }
  // With its edits, which are taken back at the end.
  const moved: TryOptions['moved'] = (task) => withEdits(edits, false, task);
  const tried = options.try ? await tryProject(folder, { ...options, moved }) : null;
  if (tried) say([], tryLines(tried, screen));
  if (tried?.ok === false) {
    end(tried, false);
    throw unanswered([notMoved({ problem: 'failed', to })]);
  }
  const applies = await confirm(`Change ${count(edits.length, 'file')}?`, options);
  if (applies) await writeEdits(edits);
  end(tried, applies);
  const commandOf = nextOf(folder, config, given);
  const next = [
    existsSync(join(home, 'pylock.toml')) ? commandOf('lock') : [],
    existsSync(join(home, 'python_modules')) ? commandOf('sync') : [],
    commandOf('check'),
  ].flat();
  const done = `Changed ${count(edits.length, 'file')}${tried ? '' : ': this move was not tried'}. Next: ${next.join(' && ')}`;
  say([], [applies ? done : 'No file was changed.']);
}

/** Commands about the project that was moved, with the options that were given, as far as they have them. */
function nextOf(folder: string, config: string, options: Options): (command: string) => string {
  const given = { ...options, date: undefined, flag: [] };
  const ofSync = { ...given, extra: undefined, group: undefined, constraints: undefined };
  if (wordsOf(given).length === 0) return (command) => `${pinwheelIn(folder)} ${command}`;
  // The paths that were given are from the current folder.
  return (command) => commandIn(commandWith({ ...(command === 'sync' ? ofSync : given), config }, command));
}
