/**
 * What pip accepts instead of a requirement, but a registry of pinned wheels does not: options, URLs and paths. They
 * are rejected without opening or fetching anything.
 */
import { quote } from '../text/printable.ts';
import type { Cursor } from './cursor.ts';

const FIX = 'Name the package instead: a package set pins each package to one wheel.';

/** Rejects them at the start of a requirement. */
export function refuseUnsupported(cursor: Cursor): void {
  const rest = cursor.text.slice(cursor.position);
  if (rest.startsWith('-')) refuseOption(cursor);
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(rest)) refuseUrl(cursor);
  if (/^(?:[./\\~]|[a-z]:[/\\])/i.test(rest)) refusePath(cursor);
}

/** Rejects them after a requirement's name, which began at `start`. */
export function refuseUnsupportedAfter(cursor: Cursor, name: string, start: number): void {
  if (/^[/\\]/.test(cursor.next ?? '') || /\.(?:whl|tar\.gz)$/i.test(name)) refusePath(cursor, start);
}

export function refuseOption(cursor: Cursor): never {
  const start = cursor.position;
  return cursor.refuse(
    'pip_option_requirement',
    `${quote(cursor.take(/[^\s=]*/y))} is an option of pip, not a requirement`,
    'Leave it out, and list the requirements themselves.',
    start,
  );
}

export function refuseUrl(cursor: Cursor): never {
  return cursor.refuse('direct_url_requirement', 'A URL is not accepted as a requirement', FIX);
}

function refusePath(cursor: Cursor, start = cursor.position): never {
  return cursor.refuse(
    'local_path_requirement',
    'A file or folder is not accepted as a requirement',
    FIX,
    start,
  );
}
