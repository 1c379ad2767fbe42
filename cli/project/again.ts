/** The command line that builds a Worker again from its project's folder. */
import { isAbsolute } from 'node:path';
import { pathFrom } from '../worker/wrangler-json.ts';
import type { BuildOptions } from './build-closure.ts';
import { beyondArguments } from './options.ts';

/** Options whose values are paths, and the other options; each may be repeated. */
const PATHS = ['set', 'config', 'requirements', 'constraints', 'findLinks'];
const WORDS = [
  ...['env', 'flag', 'date', 'asOf', 'revision', 'experimental', 'registry', 'extra', 'group'],
  ...['pyodide', 'place', 'bucket'],
];

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
  const values = (name: string) => [(options as unknown as Record<string, unknown>)[name] ?? []].flat();
  if (options.requirements.includes('-')) return null;
  // The path of a cache is of one machine.
  const paths = options.dev ? [...PATHS, 'cache'] : PATHS;
  const given = [
    ...paths.flatMap((name) =>
      values(name).flatMap((value) => [optionOf(name), placeOf(home, String(value))]),
    ),
    ...WORDS.flatMap((name) =>
      values(name).flatMap((value) => [optionOf(name), ...(value === true ? [] : [String(value)])]),
    ),
    ...beyondArguments(options),
    ...(options.snapshot ? [] : ['--no-snapshot']),
    ...(options.dev ? ['--dev'] : []),
  ];
  return [...program, 'build', '--to', pathFrom(home, out), ...given].map(quoted).join(' ');
}

/** `asOf` as `--as-of`. */
function optionOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
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
