/** The options on a line of a requirements file, read as pip reads them: by Python's `shlex` and `optparse`. */
import { didYouMean, nearest } from '../text/nearest.ts';
import { quote } from '../text/printable.ts';

export interface PipOption {
  /** The long name, also of an option that was abbreviated. */
  name: string;
  /** Empty if it has none. */
  value: string;
}

export type PipOptions =
  | { ok: true; options: PipOption[] /** Words that belong to no option. */; words: string[] }
  | { ok: false; problem: string; fix: string | null };

interface Known {
  name: string;
  /** Other names. */
  also?: readonly string[];
  short?: string;
  /** Whether a value follows. */
  takes: boolean;
}

const KNOWN: readonly Known[] = [
  { name: '--index-url', also: ['--pypi-url'], short: '-i', takes: true },
  { name: '--extra-index-url', takes: true },
  { name: '--no-index', takes: false },
  { name: '--constraint', short: '-c', takes: true },
  { name: '--requirement', short: '-r', takes: true },
  { name: '--editable', short: '-e', takes: true },
  { name: '--find-links', short: '-f', takes: true },
  { name: '--no-binary', takes: true },
  { name: '--only-binary', takes: true },
  { name: '--prefer-binary', takes: false },
  { name: '--require-hashes', takes: false },
  { name: '--pre', takes: false },
  { name: '--trusted-host', takes: true },
  { name: '--use-feature', takes: true },
  { name: '--global-option', takes: true },
  { name: '--hash', takes: true },
  { name: '--config-settings', also: ['--config-setting'], short: '-C', takes: true },
];
const LONG = new Map(
  KNOWN.flatMap((option) => [option.name, ...(option.also ?? [])].map((name) => [name, option])),
);
const SHORT = new Map(KNOWN.flatMap((option) => (option.short ? [[option.short, option] as const] : [])));

/** The hash algorithms that pip accepts. */
const STRONG_HASH = /^sha(?:256|384|512):/;

class OptionError extends Error {
  readonly fix: string | null;
  constructor(problem: string, fix: string | null) {
    super(problem);
    this.fix = fix;
  }
}

export function parsePipOptions(text: string): PipOptions {
  try {
    return { ok: true, ...readOptions(splitWords(text)) };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return { ok: false, problem: error.message, fix: error.fix };
  }
}

function readOptions(given: readonly string[]): { options: PipOption[]; words: string[] } {
  const options: PipOption[] = [];
  const words: string[] = [];
  let at = 0;
  /** Reads the rest of the word, or the next word. */
  const add = ({ name, takes }: Known, rest: string | null) => {
    const value = takes ? (rest ?? given[at++]) : '';
    if (value === undefined) throw new OptionError(`${name} has no value`, `Write it as in ${name} VALUE.`);
    checkValue(name, value);
    options.push({ name, value });
  };
  while (at < given.length) {
    const word = given[at++]!;
    if (word === '--') return { options, words: [...words, ...given.slice(at)] };
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const known = longOption(equals < 0 ? word : word.slice(0, equals));
      if (equals >= 0 && !known.takes) throw new OptionError(`${known.name} takes no value`, 'Leave it out.');
      add(known, equals < 0 ? null : word.slice(equals + 1));
    } else if (word.startsWith('-') && word.length > 1) {
      const known = SHORT.get(word.slice(0, 2));
      if (!known) throw unknown(word.slice(0, 2));
      add(known, word.length > 2 ? word.slice(2) : null);
    } else words.push(word);
  }
  return { options, words };
}

/** The option with a name, or with an unambiguous prefix of one. */
function longOption(written: string): Known {
  const exact = LONG.get(written);
  if (exact) return exact;
  const names = [...LONG.keys()].filter((name) => name.startsWith(written));
  if (names.length === 0) throw unknown(written);
  if (names.length === 1) return LONG.get(names[0]!)!;
  throw new OptionError(`${quote(written)} may be ${names.join(' or ')}`, 'Write the whole name.');
}

function checkValue(name: string, value: string): void {
  if (name === '--hash' && !STRONG_HASH.test(value)) {
    throw new OptionError('--hash has no SHA-256, SHA-384 or SHA-512', 'Write it as in --hash=sha256:abc….');
  }
  if (name === '--config-settings' && !value.includes('=')) {
    throw new OptionError(
      '--config-settings has no key and value',
      'Write it as in --config-settings KEY=VALUE.',
    );
  }
  if (/^--(?:no|only)-binary$/.test(name) && value.startsWith('-')) {
    throw new OptionError(`${name} has no value`, `Write it as in ${name} :all:.`);
  }
}

function unknown(written: string): OptionError {
  const near = written.startsWith('--') ? nearest(written, LONG.keys()) : [];
  return new OptionError(`pip has no option ${quote(written)} in files`, didYouMean(near) ?? 'Leave it out.');
}

/** Words as a POSIX shell splits them: `'…'` is literal, and so is `"…"` except for `\"` and `\\`. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (/[ \t\r\n]/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '\\') {
      if (++at === text.length) throw new OptionError('A backslash has nothing after it', 'Leave it out.');
      word = (word ?? '') + text[at];
    } else if (character === '"' || character === "'") {
      const [inside, end] = quoted(text, at);
      word = (word ?? '') + inside;
      at = end;
    } else word = (word ?? '') + character;
  }
  return word === null ? words : [...words, word];
}

/** The text between quotation marks, and the offset of the second one. */
function quoted(text: string, start: number): [inside: string, end: number] {
  const mark = text[start]!;
  let inside = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === mark) return [inside, at];
    if (character === '\\' && mark === '"' && (text[at + 1] === '"' || text[at + 1] === '\\'))
      inside += text[++at];
    else inside += character;
  }
  throw new OptionError('A quotation mark is not closed', 'Close it, or leave it out.');
}
