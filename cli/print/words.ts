/** The words of this command line, in commands that are proposed. */
import { isAbsolute, join } from 'node:path';
import { shellWord } from '../../resolver/text/printable.ts';
import { withoutCredentials } from '../common/credentials.ts';
import { output } from './table.ts';

const WITHOUT_VALUE = ['-q', '-v', '--quiet', '--verbose', '--no-color', '--json', '--fix'];
/** Options of how to print, which another command is not asked for. */
const OF_OUTPUT = [...WITHOUT_VALUE, '--format', '-o', '--output'];

export const NOTHING_REQUIRED = 'Nothing is required.';

/** How a command about the project of a folder begins. */
export function pinwheelIn(folder = '.'): string {
  const place = isAbsolute(folder) ? folder : join(output.folder, folder);
  return place === '.' ? 'pinwheel' : `pinwheel -C ${shellWord(place)}`;
}

/** A command of this program, about the project of a folder. */
export const commandIn = (command: string, folder = '.'): string =>
  command.replace(/^pinwheel(?= )/, () => pinwheelIn(folder));

/** Another command than `own` with the same question; null if a part of it cannot be read again. */
export function nextCommand(own: string, command: string): string | null {
  const words = wordsWithout(OF_OUTPUT);
  if (words.includes('-')) return null;
  const at = words.findIndex((word, at) => word === own && !/^(?:-C|--directory)$/.test(words[at - 1] ?? ''));
  return ['pinwheel', ...words.with(at, command).map(shellWord)].join(' ');
}

/**
 * The words of this command line without some options and their values, and without credentials, which nobody should see.
 * @param goes whether an option with this value is one of them
 */
export function wordsWithout(
  names: readonly string[],
  goes: (name: string, value: string) => boolean = () => true,
): string[] {
  const words = process.argv.slice(2);
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [, name = word, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? /^(-[a-z])(.+)$/s.exec(word) ?? [];
    const value = joined ?? words[at + 1] ?? '';
    if (!names.includes(name) || !goes(name, value)) kept.push(word);
    else if (joined === undefined && !WITHOUT_VALUE.includes(name)) at++;
  }
  return kept.map(withoutCredentials);
}
