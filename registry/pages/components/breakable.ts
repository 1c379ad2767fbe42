import { raw } from 'hono/html';
import { printable } from '../../../resolver/text/printable.ts';

/** Shorter texts fit into every column. */
const SHORT = 12;

/** A name or a version. A narrow column may break it after punctuation, not within words. */
export function breakable(text: string) {
  const shown = printable(text);
  if (shown.length <= SHORT) return shown;
  return shown.split(/(?<=[._+-])(?=\w)/).map((part, at) => [at > 0 && BREAK, part]);
}

const BREAK = raw('<wbr/>');
