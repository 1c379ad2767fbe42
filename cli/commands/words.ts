/** The words of this command line, in commands that are proposed. */
import { shellWord } from '../../resolver/text/printable.ts';

/** Options of how to print, which another command is not asked for. */
const OF_OUTPUT = /^(?:-q|-v|--quiet|--verbose|--no-color|--json|--format=.*|--output=.*)$/;
const WITH_VALUE = new Set(['--format', '-o', '--output']);

/** Another command with the same question; null if a part of it cannot be read again. */
export function nextCommand(command: string): string | null {
  const [, ...words] = process.argv.slice(2);
  if (words.includes('-')) return null;
  const kept = words.filter((word, at) => {
    return !OF_OUTPUT.test(word) && !WITH_VALUE.has(word) && !WITH_VALUE.has(words[at - 1] ?? '');
  });
  return ['pinwheel', command, ...kept.map(shellWord)].join(' ');
}
