/** The command line that builds a Worker again from its project's folder. */
import { isAbsolute } from 'node:path';
import type { Fields } from '../../resolver/question/fields.ts';
import { pathFrom } from '../worker/wrangler.ts';
import type { BuildOptions } from './build-closure.ts';
import { attributeOf, GIVEN_FIELDS } from './options.ts';

/** Options of one run, which change nothing of the Worker. */
const ONCE = new Set(['to', 'force', 'check', 'format', 'json', 'quiet', 'color']);
/** Options whose values are paths, beside the fields with files and folders. */
const PATHS = new Set(['config', 'requirements', 'constraints', 'cache']);
for (const [name, field] of Object.entries(GIVEN_FIELDS as Fields)) {
  if (/^<(file|folder)>$/.test(field.option ?? '')) PATHS.add(attributeOf(name, field));
}

/**
 * @param home the folder that the command runs in
 * @param program how pinwheel is called there
 * @returns one line for a shell; null if the requirements came from standard input, which a second build cannot read
 */
export function commandAgain(
  program: readonly string[],
  home: string,
  out: string,
  options: BuildOptions,
): string | null {
  if (options.requirements.includes('-')) return null;
  const given = Object.entries(options).flatMap(([name, value]) => {
    if (ONCE.has(name)) return [];
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === false) return [`--no-${option}`];
    // Without it, there is a snapshot.
    if (value === true) return name === 'snapshot' ? [] : [`--${option}`];
    const texts = [value].flat().filter((one) => typeof one === 'string');
    return texts.flatMap((text) => [`--${option}`, PATHS.has(name) ? placeOf(home, text) : text]);
  });
  return [...program, 'build', '--to', pathFrom(home, out), ...given].map(quoted).join(' ');
}

/** A path relative to `home`. URLs and absolute paths outside of it stay as they are. */
function placeOf(home: string, value: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(value)) return value;
  const path = pathFrom(home, value);
  return path.startsWith('..') && isAbsolute(value) ? value : path;
}

/** Quoted for the shells of all systems. */
function quoted(word: string): string {
  return /^[\w./:=+@%,-]+$/.test(word) ? word : `"${word.replace(/(["$`\\])/g, '\\$1')}"`;
}
