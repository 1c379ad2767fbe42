/**
 * What pip takes in the place of a requirement, and a registry of pinned wheels does not: options, URLs and
 * paths. They are refused by name, and nothing is ever opened or fetched for them.
 */
import { quote } from '../text/printable.ts';
import type { Reader } from './reader.ts';

const FIX =
  'Write the name of the package, with or without a version: a package set pins each of its packages to one wheel.';

/** Refuses them where a requirement would begin. */
export function refuseForeign(reader: Reader): void {
  const rest = reader.text.slice(reader.position);
  if (rest.startsWith('-')) refuseOption(reader);
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(rest)) refuseUrl(reader);
  if (/^(?:[./\\~]|[a-z]:[/\\])/i.test(rest)) refusePath(reader);
}

/** Refuses them where a requirement's name has been read, which began at `start`. */
export function refuseForeignAfter(reader: Reader, name: string, start: number): void {
  if (/^[/\\]/.test(reader.next ?? '') || /\.(?:whl|tar\.gz)$/i.test(name)) refusePath(reader, start);
}

export function refuseOption(reader: Reader): never {
  const start = reader.position;
  return reader.refuse(
    'pip_option_requirement',
    `${quote(reader.take(/[^\s=]*/y))} is an option of pip, which no requirement can have`,
    'Leave it out, and list the requirements themselves.',
    start,
  );
}

export function refuseUrl(reader: Reader): never {
  return reader.refuse('direct_url_requirement', 'A URL is not accepted as a requirement', FIX);
}

function refusePath(reader: Reader, start = reader.position): never {
  return reader.refuse(
    'local_path_requirement',
    'A file or folder is not accepted as a requirement',
    FIX,
    start,
  );
}
