import { printable } from './printable.ts';

/** A word as a POSIX shell takes it, quoted where it has to be. */
export function shellWord(text: string): string {
  const word = printable(text);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
