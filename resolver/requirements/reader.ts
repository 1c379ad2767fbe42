/**
 * A cursor over one line of requirement syntax. Whoever reads with it gives up by throwing a {@link Refusal},
 * which {@link read} turns into an issue that shows the place.
 */
import type { Issue, Outcome } from '../issue.ts';

/** In characters, for a requirement, a marker or a set of specifiers. */
export const TEXT_LIMIT = 4096;

const EXCERPT_BEFORE = 40;
const EXCERPT_AFTER = 30;
const SPACE = /[ \t]*/y;
const WORD = /[\w.]+/y;

class Refusal extends Error {
  readonly issue: Omit<Issue, 'kind'>;
  constructor(issue: Omit<Issue, 'kind'>) {
    super(issue.message);
    this.issue = issue;
  }
}

export class Reader {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.position === this.text.length;
  }

  /** The next character; undefined at the end. */
  get next(): string | undefined {
    return this.text[this.position];
  }

  /** Reads what a sticky pattern matches here, which may be nothing. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  /** Reads one character if it is the next one. */
  eat(character: string): boolean {
    const found = this.next === character;
    if (found) this.position++;
    return found;
  }

  skipSpace(): void {
    this.take(SPACE);
  }

  /** Refuses what is next. */
  expected(code: string, what: string, fix: string | null = null): never {
    const start = this.position;
    const found = this.done
      ? 'the end'
      : quote(this.take(WORD) || String.fromCodePoint(this.text.codePointAt(start)!));
    this.refuse(code, `Expected ${what}, found ${found}`, fix, start);
  }

  /** Refuses the text for what stands at a position, by default here. */
  refuse(code: string, problem: string, fix: string | null, position = this.position): never {
    const start = Math.max(0, position - EXCERPT_BEFORE);
    const end = Math.min(this.text.length, position + EXCERPT_AFTER);
    const before = (start > 0 ? '...' : '') + asciiOnly(this.text.slice(start, position));
    const after = asciiOnly(this.text.slice(position, end)) + (end < this.text.length ? '...' : '');
    const excerpt = `\n    ${before}${after}\n    ${' '.repeat(before.length)}^`;
    const place = `at column ${position + 1}${excerpt.trim() === '^' ? '' : `:${excerpt}`}`;
    throw new Refusal({ code, message: `${problem}, ${place}`, fix });
  }
}

/** Reads a text from end to end. `what` names it in the message and the code where it is too long. */
export function read<Value>(what: string, text: string, parse: (reader: Reader) => Value): Outcome<Value> {
  try {
    if (text.length > TEXT_LIMIT) {
      throw new Refusal({
        code: `${what}_too_long`,
        message: `A ${what} of ${text.length} characters is over the limit of ${TEXT_LIMIT}: ${quote(text)}`,
        fix: `Shorten the ${what}.`,
      });
    }
    return { ok: true, value: parse(new Reader(text)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, issues: [{ kind: 'malformed', ...error.issue }] };
  }
}

/** The text between backquotes, shortened and with nothing in it that a terminal or a page would act upon. */
export function quote(text: string): string {
  return `\`${asciiOnly(text.slice(0, 40))}${text.length > 40 ? '...' : ''}\``;
}

/** All but printable ASCII as escapes, so that a look-alike letter can be told from the one it looks like. */
export function asciiOnly(text: string): string {
  return text.replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
