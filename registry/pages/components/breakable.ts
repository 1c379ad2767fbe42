import { html, raw } from 'hono/html';
import { printable } from '../../../resolver/text/printable.ts';

/** Shorter texts fit into every column. */
const SHORT = 12;

/** A name or a version. A narrow column may break it after punctuation, not within words. */
export function breakable(text: string, short = SHORT) {
  const shown = printable(text);
  if (shown.length <= short) return shown;
  return shown.split(/(?<=[._+-])(?=\w)/).map((part, at) => [at > 0 && BREAK, part]);
}

/** A command, or lines of a file: options and dates are not broken at their hyphens. */
export function copyable(text: string) {
  return text
    .split(/(?<![\w-])(--[a-z][a-z-]*|\d{4}-\d\d-\d\d)(?![\w-])/)
    .map((part, at) => (at % 2 === 1 ? html`<span class="whole">${part}</span>` : part));
}

const BREAK = raw('<wbr/>');
