/** The words of this command line, in commands that are proposed. */
import { isAbsolute, join } from 'node:path';
import { shellWord } from '../../resolver/text/printable.ts';
import { output } from './table.ts';

export const NOTHING_REQUIRED = 'Nothing is required.';

/** How a command about the project of a folder begins. */
export function pinwheelIn(folder = '.'): string {
  const place = isAbsolute(folder) ? folder : join(output.folder, folder);
  return place === '.' ? 'pinwheel' : `pinwheel -C ${shellWord(place)}`;
}

/** A command of this program, about the project of a folder. */
export const commandIn = (command: string, folder = '.'): string =>
  command.replace(/^pinwheel(?= )/, () => pinwheelIn(folder));
