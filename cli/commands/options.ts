/**
 * The options of the commands, each declared once, in the order of the help: those of questions from the table of fields,
 * and those that only a command line has. Help and completion follow from here.
 */
import { type Field, INDEX_FIELDS, optionOf } from '../../resolver/question/fields.ts';
import { isList } from '../../resolver/question/read.ts';
import { GIVEN_FIELDS, type GivenField } from '../project/options.ts';

/** The help of an option, the words that its value is one of, and the value if none is given. */
export interface Described {
  help: string;
  choices?: readonly string[];
  otherwise?: string;
}

/**
 * Options by how they are written, such as `-r, --requirements <file>`. One whose help ends in `repeatable` may be given
 * several times.
 */
export type Options = Readonly<Record<string, string | Described>>;

export const describedBy = (row: string | Described): Described =>
  typeof row === 'string' ? { help: row } : row;

function fields(...names: readonly GivenField[]): Options {
  const rows = names.map((name) => {
    const field: Field = GIVEN_FIELDS[name];
    const { kind, meaning, option, default: otherwise } = field;
    const written = option ? `${optionOf(name, field)} ${option}` : optionOf(name, field);
    const end = isList(kind) || kind === 'index' ? '; repeatable' : '';
    const help = `${meaning}${otherwise ? ` (default: ${otherwise})` : ''}${end}`;
    return [written, name === 'place' ? { help, choices: ['bundle', 'assets', 'r2'] } : help];
  });
  return Object.fromEntries(rows);
}

/** Options that every command has, and that also work without one. */
export const COMMON: Options = {
  '-C, --directory <folder>': 'run in this folder',
  '-q, --quiet': 'print only the answer and errors',
  '-v, --verbose': 'print everything: where it comes from, how it is delivered, all sets and flags',
  '--no-color': 'print without colours, as NO_COLOR=1 does; FORCE_COLOR=1 prints them anywhere',
};

export const SOURCES: Options = {
  '-r, --requirements <file>':
    'requirements.txt, pyproject.toml, pylock.toml, pyodide-lock.json, a script or - (stdin); repeatable',
  '-c, --constraints <file>': 'a file of version constraints; repeatable',
  '--extra <name>': 'an extra of pyproject.toml; repeatable',
  '--group <name>': 'a dependency group of pyproject.toml; repeatable',
};

export const INDEX: Options = {
  '--index': 'get packages that the set lacks from PyPI',
  '--no-index': 'use only the package set, even if an index is configured',
  ...fields('index', 'find_links', ...INDEX_FIELDS),
};

/** The headings of the help, in their order after the command's own options, and what each has: the last, if it is in two. */
export const HEADINGS: Readonly<Record<string, readonly string[]>> = {
  'Question:': ['date', 'flag', 'config', 'env', 'pyodide', 'set'],
  'Sources:': [
    ...['requirements', 'constraints', 'extra', 'group', 'registry'],
    ...Object.keys(INDEX).map((written) => written.split(' ')[0]!.slice(2)),
    'offline',
  ],
  'Output:': ['format', 'json', 'output', 'quiet', 'verbose', 'no-color', 'help'],
  'Advanced:': [
    ...['as-of', 'revision', 'experimental', 'exclude-newer', 'exclude-newer-package'],
    ...['max-age', 'cache', 'jobs', 'directory'],
  ],
};

export const OWN_SET = fields('set');
export const SET = { ...OWN_SET, ...fields('pyodide') };
export const PLACE = fields('place', 'bucket');

export const FORCE: Options = { '--force': 'replace that folder even if pinwheel did not create it' };
export const BUILD: Options = {
  ...FORCE,
  '--no-snapshot': 'start Python from scratch in each instance',
  '--cache <folder>': 'the folder for downloads and parts of builds',
};

/** The options of whom to ask. */
export const registry = (verb = 'ask'): Options => ({
  '--registry <url>': `${verb} this registry, not the bundled data (default: PINWHEEL_REGISTRY)`,
  '--offline': 'use no network: only what is bundled or cached',
  ...MAX_AGE,
});

export const MAX_AGE: Options = {
  '--max-age <days>':
    'refuse a registry whose newest signature is older (default: a warning from 30 days on)',
};

/** @param what is printed, after `how to print` */
export function formats(what: string, ...choices: readonly string[]): Options {
  return {
    '--format <format>': { help: `how to print${what} (default: table)`, choices },
    '--json': 'the same as --format json',
    '-o, --output <file>': `write${what || ' the outcome'} into this file`,
  };
}

const CONFIG = 'take date and flags from this wrangler file (.toml, .jsonc or .json)';

/**
 * The options of every question. Commands that are not about one date have no `--date`, some take many wrangler files,
 * and `dev` prints no answer.
 */
export function question(choices: readonly string[], { dated = true, many = false } = {}): Options {
  return {
    ...(dated ? fields('compatibility_date') : {}),
    ...fields('compatibility_flags'),
    '--config <file>': many ? `${CONFIG}; repeatable` : CONFIG,
    '--env <name>': 'the environment of the wrangler file (default: CLOUDFLARE_ENV)',
    ...fields('as_of', 'revision', 'experimental'),
    ...(choices.length > 0 ? formats(' the answer', ...choices) : {}),
    ...registry(),
  };
}
