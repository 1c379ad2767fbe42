/** Uses of Python's environment variables, and those of them that a Worker does not have. */

import { fixed, readFromEnv, SETTINGS_FROM_ENV } from '../issues/fixes.ts';
import type { LimitedUse } from './limits.ts';
import type { EnvironmentUse, Project, ScannedFile } from './project.ts';
import { literalAt } from './statements.ts';
import type { Words } from './tokens.ts';

/** Words of a statement that may do without the variable. */
const OPTIONAL = /^(?:and|if|or)$/;

/**
 * The use of an environment variable that begins with a dotted name; null if there is none.
 * @param end the index of the word after the name
 */
export function environmentUse(
  name: string,
  words: Words,
  end: number,
): Pick<EnvironmentUse, 'name' | 'is'> | null {
  if (!name.startsWith('os.')) return null;
  const key = literalAt(words, end + 1);
  const set = { name: key?.value ?? '*', is: 'set' } as const;
  const isOptional = () => words.some(({ text }) => OPTIONAL.test(text));
  switch (name) {
    case 'os.putenv':
    case 'os.environ.setdefault':
    case 'os.environ.update':
      return set;
    case 'os.environ':
      if (words[end]?.text === '[') {
        if (words.some(({ text }, at) => at > end && text === '=')) return set;
        return key && !isOptional() ? { name: key.value, is: 'read' } : null;
      }
      // `os.environ |= …`, another name for it, or a function that it is passed to may set any variable.
      return words.some(({ text }) => text === 'in') ? null : { name: '*', is: 'set' };
    case 'os.getenv':
    case 'os.environ.get':
      return key?.after === ')' && !isOptional() ? { name: key.value, is: 'asked' } : null;
    default:
      return null;
  }
}

/** Variables that every Worker has: those of Emscripten, of Pyodide, and of workerd or a build. */
const THERE = /^(?:HOME|LANG|LD_LIBRARY_PATH|LOGNAME|PATH|PWD|PYTHON\w*|USER|_)$/;

/** The environment variables that a project sets; `*` if it may set any. */
export function variablesSet({ files }: Project): ReadonlySet<string> {
  const uses = files.flatMap(({ environment }) => environment);
  return new Set(uses.flatMap(({ name, is }) => (is === 'set' ? [name] : [])));
}

/**
 * Environment variables that a file reads, and that neither Python nor the project sets: a Worker's variables and secrets
 * are bindings, which `os.environ` does not have.
 */
export function environmentUses(file: ScannedFile, set: ReadonlySet<string>): LimitedUse[] {
  if (set.has('*')) return [];
  const read = file.environment.flatMap(({ name, is, lazy, line, column }): LimitedUse[] => {
    if (is === 'set' || set.has(name) || THERE.test(name)) return [];
    const severity = is === 'asked' ? 'info' : lazy ? 'warning' : 'error';
    const message = `os.environ has no ${name} in a Worker, whose variables and secrets are bindings.`;
    return [{ severity, subject: name, message, ...fixed(readFromEnv(name)), line, column }];
  });
  // A project that sets some may set those of its settings.
  return set.size > 0 ? read : [...read, ...settingsRead(file)];
}

/** Classes and functions that take their values from `os.environ`. */
export const SETTINGS = [
  'decouple.config',
  'environ.Env',
  'environs.Env',
  'pydantic.BaseSettings',
  'pydantic_settings.BaseSettings',
  'starlette.config.Config',
];

/** A warning for settings that are made when the file is imported, before a Worker has bindings; else a remark on their class. */
function settingsRead({ definitions, references }: ScannedFile): LimitedUse[] {
  const used = references.find(({ name, typing }) => !typing && SETTINGS.includes(name));
  if (!used) return [];
  const { name } = used;
  const classes = definitions.filter(({ is, of }) => is === 'class' && of.includes(name));
  const makers = [name, ...classes.map((definition) => definition.name)];
  const made = definitions.find(({ is, of }) => is === 'value' && of.some((maker) => makers.includes(maker)));
  const { line, column } = made ?? used;
  const severity = made ? 'warning' : 'info';
  const message = `${name} reads os.environ, which lacks a Worker's variables and secrets: they are bindings.`;
  const fix = name.endsWith('.BaseSettings') ? SETTINGS_FROM_ENV : readFromEnv('NAME');
  return [{ severity, subject: name, message, ...fixed(fix), line, column }];
}
