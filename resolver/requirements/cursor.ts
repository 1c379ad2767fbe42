/** A cursor over one line of requirement syntax. Parsers throw issues, which {@link read} catches. */
import type { Outcome } from '../issue.ts';
import { type MisreadCode, misread, type Read, type SyntaxIssue, tooLong } from '../issues/requirements.ts';
import { quote } from '../text/printable.ts';

/** The most characters of a requirement, a marker or a set of specifiers. */
export const TEXT_LIMIT = 4096;

const SPACE = /[ \t]*/y;
export const WORD = /[\w.]+/y;

export class Cursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.position === this.text.length;
  }

  get next(): string | undefined {
    return this.text[this.position];
  }

  /** Reads what a sticky pattern matches here; may be empty. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const text = pattern.exec(this.text)?.[0] ?? '';
    this.position += text.length;
    return text;
  }

  eat(character: string): boolean {
    const isNext = this.next === character;
    if (isNext) this.position++;
    return isNext;
  }

  skipSpace(): void {
    this.take(SPACE);
  }

  /** Rejects the next character. */
  expected(code: MisreadCode, what: string, fix: string | null = null): never {
    const start = this.position;
    const actual = this.done ? 'the end' : quote(this.take(WORD) || this.take(/./suy));
    this.refuse(code, `Expected ${what}, found ${actual}`, fix, start);
  }

  /** Rejects the text because of a position, by default the current one. */
  refuse(code: MisreadCode, problem: string, fix: string | null, position = this.position): never {
    const fields = { requirement: this.text, index: 0, repeats: [], problem, column: position + 1, fix };
    throw misread(code)(fields);
  }
}

/** Reads a text from end to end, as if it were the first of a question. */
export function read<Value>(
  what: Read,
  text: string,
  parse: (cursor: Cursor) => Value,
): Outcome<Value, SyntaxIssue> {
  const { length } = text;
  if (length > TEXT_LIMIT) {
    const requirement = text.slice(0, TEXT_LIMIT);
    const fields = { requirement, index: 0, repeats: [], length, limit: TEXT_LIMIT };
    return { ok: false, issues: [tooLong(what)(fields)] };
  }
  try {
    return { ok: true, value: parse(new Cursor(text)) };
  } catch (error) {
    if (error instanceof Error) throw error;
    return { ok: false, issues: [error as SyntaxIssue] };
  }
}
