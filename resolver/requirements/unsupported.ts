/**
 * What pip takes in the place of a requirement, and a registry of pinned wheels does not: options, URLs and
 * paths. They are refused by name, and nothing is ever opened or fetched for them.
 */
import { quote } from '../text/printable.ts';
import type { Cursor } from './cursor.ts';

const FIX =
  'Write the name of the package, with or without a version: a package set pins each of its packages to one wheel.';

/** Refuses them where a requirement would begin. */
export function refuseUnsupported(cursor: Cursor): void {
  const rest = cursor.text.slice(cursor.position);
  if (rest.startsWith('-')) refuseOption(cursor);
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(rest)) refuseUrl(cursor);
  if (/^(?:[./\\~]|[a-z]:[/\\])/i.test(rest)) refusePath(cursor);
}

/** Refuses them where a requirement's name has been read, which began at `start`. */
export function refuseUnsupportedAfter(cursor: Cursor, name: string, start: number): void {
  if (/^[/\\]/.test(cursor.next ?? '') || /\.(?:whl|tar\.gz)$/i.test(name)) refusePath(cursor, start);
}

export function refuseOption(cursor: Cursor): never {
  const start = cursor.position;
  return cursor.refuse(
    'pip_option_requirement',
    `${quote(cursor.take(/[^\s=]*/y))} is an option of pip, which no requirement can have`,
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
