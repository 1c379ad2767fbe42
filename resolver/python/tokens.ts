/**
 * Python's tokens, one logical line at a time. They tell imports and blocks without the rest of the grammar, so that a
 * newer one changes nothing. Accepts any text: invalid syntax is marked as broken and skipped.
 */

export type TokenKind = 'name' | 'number' | 'string' | 'operator' | 'open' | 'close';

export interface Token {
  kind: TokenKind;
  text: string;
  /** Offsets in UTF-16 units. */
  from: number;
  to: number;
  /** How many brackets are open around it; an f-string counts as one. */
  depth: number;
}

export type Words = readonly Token[];

/** A logical line: without comments, continued over brackets and backslashes. */
export interface LogicalLine {
  /** In columns; a tab goes on to the next multiple of eight. */
  indent: number;
  words: Words;
}

const NAME = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const NUMBER =
  /0[xX][\da-fA-F_]+|0[oObB][0-7_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y;
const OPERATOR = /\.\.\.|\*\*=?|\/\/=?|>>=?|<<=?|->|:=|[-+*/%@&|^=!<>]=|[-+*/%@&|^=<>.,:;~]/y;
const STRING_PREFIX = /^(?:[rbuft]|br|r[bft]|[ft]r)$/i;

/** Keywords that begin a statement and are part of no expression: within brackets, one was left open. */
const STATEMENT_ONLY =
  /^(?:import|def|class|return|pass|del|raise|while|with|try|except|finally|assert|global|nonlocal|break|continue)$/;

/** Keywords that join or precede operands; all other names are operands. */
const OPERATOR_WORD =
  /^(?:and|or|not|in|is|if|elif|else|for|lambda|await|async|yield|return|from|import|as|del|assert|raise|global|nonlocal|while|with|try|except|finally|def|class|pass|break|continue)$/;

/** The first words of lines whose colon begins a block. */
const BLOCK = /^(?:if|elif|else|for|while|try|except|finally|with|async|def|class|match|case)$/;

/** A bracket that is open, or an f-string, or a field of one. */
interface Opened {
  /** The closing text: a bracket, or the quotes of an f-string. */
  end: string;
  kind: 'bracket' | 'f-string' | 'field' | 'format';
  raw: boolean;
}

export class Tokenizer {
  /** The position of the first syntax error that the tokens show; null if there is none. */
  broken: number | null = null;
  readonly #text: string;
  #at = 0;
  #opened: Opened[] = [];
  #tokens: Token[] = [];
  #indent = 0;

  constructor(text: string) {
    this.#text = text;
  }

  break(offset: number): void {
    this.broken = Math.min(this.broken ?? offset, offset);
  }

  *lines(): Generator<LogicalLine> {
    const text = this.#text;
    this.#readIndent();
    while (this.#at < text.length) {
      const inside = this.#opened.at(-1);
      if (inside?.kind === 'f-string' || inside?.kind === 'format') {
        this.#readFormatted(inside);
        continue;
      }
      const char = text[this.#at]!;
      if (char === ' ' || char === '\t' || char === '\f') this.#at++;
      else if (char === '#') this.#skipComment();
      else if (char === '\\' && text[this.#at + 1] === '\n') this.#at += 2;
      else if (char === '\n') {
        this.#at++;
        if (inside === undefined) {
          if (this.#tokens.length > 0) yield this.#endLine();
          this.#readIndent();
        } else if (this.#isStatementAhead()) {
          // A bracket was left open; what follows is read as if it had been closed.
          this.break(this.#at);
          this.#opened = [];
          yield this.#endLine();
          this.#readIndent();
        }
      } else if (char === '"' || char === "'") this.#readString('', char);
      else this.#readToken(char, inside);
    }
    if (this.#opened.length > 0) this.break(text.length);
    if (this.#tokens.length > 0) yield this.#endLine();
  }

  #endLine(): LogicalLine {
    const words = this.#tokens;
    this.#tokens = [];
    return { indent: this.#indent, words };
  }

  #readIndent(): void {
    const text = this.#text;
    this.#indent = 0;
    for (; ; this.#at++) {
      const char = text[this.#at];
      if (char === ' ') this.#indent++;
      else if (char === '\t') this.#indent += 8 - (this.#indent % 8);
      else if (char === '\f') this.#indent = 0;
      else return;
    }
  }

  #isStatementAhead(): boolean {
    let at = this.#at;
    while (' \t\f'.includes(this.#text[at] ?? '?')) at++;
    const word = match(NAME, this.#text, at);
    return word !== null && STATEMENT_ONLY.test(word);
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #readToken(char: string, inside: Opened | undefined): void {
    const text = this.#text;
    const next = text[this.#at + 1];
    const name = match(NAME, text, this.#at);
    const number = name === null ? match(NUMBER, text, this.#at) : null;
    if (name !== null) {
      const quote = text[this.#at + name.length];
      if ((quote === '"' || quote === "'") && STRING_PREFIX.test(name)) this.#readString(name, quote);
      else this.#push('name', name.length);
    } else if (number !== null) this.#push('number', number.length);
    else if ('([{'.includes(char)) {
      this.#push('open', 1);
      this.#opened.push({ end: char === '(' ? ')' : char === '[' ? ']' : '}', kind: 'bracket', raw: false });
    } else if (')]}'.includes(char)) this.#close(char, inside);
    else if (inside?.kind === 'field' && char === ':') {
      this.#opened[this.#opened.length - 1] = { ...inside, kind: 'format' };
      this.#at++;
    } else if (inside?.kind === 'field' && char === '!' && next !== '=') {
      // A conversion, such as `!r`.
      this.#at += 1 + (match(NAME, text, this.#at + 1)?.length ?? 0);
    } else {
      const operator = match(OPERATOR, text, this.#at);
      if (operator !== null) this.#push('operator', operator.length);
      else this.break(this.#at++);
    }
  }

  #close(char: string, inside: Opened | undefined): void {
    if (char !== inside?.end) this.break(this.#at);
    this.#opened.pop();
    if (!inside || inside.kind === 'field') this.#at++;
    else this.#push('close', 1);
  }

  #push(kind: TokenKind, length: number): void {
    const from = this.#at;
    const to = from + length;
    const token = { kind, text: this.#text.slice(from, to), from, to, depth: this.#opened.length };
    const before = this.#tokens.at(-1);
    if (before) this.#checkNeighbours(before, token);
    this.#tokens.push(token);
    this.#at = to;
  }

  /** Two adjacent operands, and a colon after a bracket, are invalid in Python 3. */
  #checkNeighbours(before: Token, token: Token): void {
    if (token.kind === 'operator') {
      if (token.text === ':' && before.kind === 'open' && before.text !== '[') this.break(token.from);
      return;
    }
    if (token.kind === 'open' ? token.text !== '{' : token.kind === 'close') return;
    if (before.kind === 'operator' || before.kind === 'open' || before.depth !== token.depth) return;
    if (before.kind !== 'number' && before.kind !== 'name' && token.kind === 'string') {
      // `"a" "b"`; `f"a" "b"` ends with what closes an f-string.
      if (before.kind === 'string' || /^["']/.test(before.text)) return;
    }
    if (isWord(before, OPERATOR_WORD) || isWord(token, OPERATOR_WORD)) return;
    const isFirst = before.kind === 'name' && this.#beginsStatement();
    const word = isFirst ? before.text : '';
    if (word === 'type' || (this.#tokens.length === 1 && (word === 'match' || word === 'case'))) return;
    this.break(word === 'print' ? before.from : token.from);
  }

  /** Whether the newest token is the first of its statement: of a line, after a semicolon, or after a block's colon. */
  #beginsStatement(): boolean {
    const before = this.#tokens.at(-2);
    if (!before) return true;
    if (before.kind !== 'operator' || before.depth > 0) return false;
    return before.text === ';' || (before.text === ':' && isWord(this.#tokens[0]!, BLOCK));
  }

  #readString(prefix: string, quote: string): void {
    const text = this.#text;
    const start = this.#at + prefix.length;
    const end = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
    const raw = /r/i.test(prefix);
    if (/[ft]/i.test(prefix)) {
      const neighbour = this.#tokens.at(-1);
      const isConcatenated = neighbour?.kind === 'string' || neighbour?.kind === 'close';
      this.#push(isConcatenated ? 'string' : 'open', prefix.length + end.length);
      this.#opened.push({ end, kind: 'f-string', raw });
      return;
    }
    let at = start + end.length;
    for (; ; at++) {
      const char = text[at];
      if (char === undefined || (char === '\n' && end.length === 1)) {
        this.break(this.#at);
        break;
      }
      if (char === '\\') at++;
      else if (char === quote && text.startsWith(end, at)) {
        at += end.length;
        break;
      }
    }
    this.#push('string', Math.min(at, text.length) - this.#at);
  }

  /** The text of an f-string, or of a field's format, up to its next field or its end. */
  #readFormatted(inside: Opened): void {
    const text = this.#text;
    const isFormat = inside.kind === 'format';
    for (; this.#at < text.length; this.#at++) {
      const char = text[this.#at]!;
      if (char === '\\' && !(isFormat || (inside.raw && '{}'.includes(text[this.#at + 1] ?? '?')))) {
        // `\N{DASH}` has no field.
        if (!inside.raw && text.startsWith('N{', this.#at + 1)) {
          const end = text.indexOf('}', this.#at);
          this.#at = end < 0 ? text.length : end;
        } else if (text[this.#at + 1] !== '{' && text[this.#at + 1] !== '}') this.#at++;
      } else if (char === '{') {
        if (!isFormat && text[this.#at + 1] === '{') this.#at++;
        else {
          // Separates the content of one field from that of the next.
          this.#push('operator', 0);
          this.#at++;
          this.#opened.push({ end: '}', kind: 'field', raw: inside.raw });
          return;
        }
      } else if (isFormat && char === '}') {
        this.#at++;
        this.#opened.pop();
        return;
      } else if (isFormat ? this.#endsString() : text.startsWith(inside.end, this.#at)) {
        this.#endString(inside.end);
        return;
      } else if (char === '\n' && this.#quotes().length === 1) {
        this.break(this.#at);
        this.#endString('');
        return;
      }
    }
  }

  #quotes(): string {
    return this.#opened.findLast(({ kind }) => kind === 'f-string')!.end;
  }

  /** In a format, the quotes of its string end both. */
  #endsString(): boolean {
    if (!this.#text.startsWith(this.#quotes(), this.#at)) return false;
    this.break(this.#at);
    return true;
  }

  #endString(quotes: string): void {
    while (this.#opened.pop()?.kind !== 'f-string');
    this.#push('close', quotes.length);
  }
}

function isWord({ kind, text }: Token, words: RegExp): boolean {
  return kind === 'name' && words.test(text);
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
