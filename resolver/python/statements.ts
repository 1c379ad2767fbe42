/** Reads single statements and heads from their tokens, and tells when each block of a file runs. */
import { markerOf, mayHaveMarker } from './branches.ts';
import type { When } from './project.ts';
import type { Words } from './tokens.ts';

/** The context of a statement. `guarded` is known once the handlers of the `try` around it have been read. */
export interface Context {
  lazy: boolean;
  conditional: boolean;
  typing: boolean;
  /** Every `try` or `with` around it, within the same function, that may swallow an ImportError. */
  guards: readonly Guard[];
  /** The markers that have to hold for the statement to run, as far as they are known. */
  markers: readonly string[];
}

/** Whether a statement continues if its block raises an ImportError, as far as is known yet. */
export interface Guard {
  holds: boolean;
}

export const MODULE: Context = { lazy: false, conditional: false, typing: false, guards: [], markers: [] };

export function whenOf({ lazy, conditional, typing }: Context): When {
  if (typing) return 'typing';
  if (lazy) return 'lazy';
  return conditional ? 'conditional' : 'always';
}

/** The context of a function's body. A `try` around the function has ended when it is called. */
export function functionContext({ typing, markers }: Context): Context {
  return { lazy: true, conditional: false, typing, guards: [], markers };
}

/** The head of a compound statement, or of one of its clauses. */
export interface Head {
  keyword: string;
  /** The name of a function or a class; otherwise empty. */
  name: string;
  /** Whether the condition of an `if` or `elif` is `TYPE_CHECKING`. */
  typing: boolean;
  /** The markers that have to hold in the block of an `if` or `elif`, and in the clauses after it; null if unknown. */
  marker: string | null;
  otherwise: string | null;
  /** Whether a `with` suppresses ImportError, or an `except` catches it. */
  catches: boolean;
}

const MOST_MARKERS = 20;

/** A list of markers with further ones; the list itself if there are none, as a branch is known by its list. */
function withMarkers(markers: readonly string[], ...more: string[]): readonly string[] {
  return more.length > 0 ? [...markers, ...more].slice(0, MOST_MARKERS) : markers;
}

/** Statements that may have an `else`, `except` or `finally` clause. */
const BEGINS = new Set(['if', 'try', 'for', 'while']);

interface Block {
  keyword: string;
  name: string;
  context: Context;
  /** Columns; -1 until its first line has been read. */
  indent: number;
  /** Whether it ends with an exception, whatever its conditions are. */
  raises: boolean;
  /** The last statement in it to which an `else` or `except` would belong. */
  open: { raises: boolean; guard: Guard; isDecided: boolean; otherwise: readonly string[] };
}

/** The blocks around the line that is being read, from the module to the innermost. */
export class Blocks {
  readonly #blocks: Block[] = [block({ keyword: '', name: '' }, MODULE, 0)];

  get context(): Context {
    return this.#innermost.context;
  }

  get keyword(): string {
    return this.#innermost.keyword;
  }

  /** The names of the classes around, each with a dot after it. */
  get owner(): string {
    return this.#blocks.map(({ keyword, name }) => (keyword === 'class' ? `${name}.` : '')).join('');
  }

  get #innermost(): Block {
    return this.#blocks.at(-1)!;
  }

  /** Leaves the blocks that a line with this indentation is not in. Returns whether the indentation is valid. */
  align(indent: number): boolean {
    if (this.#innermost.indent < 0) {
      const around = this.#blocks.findLast((block) => block.indent >= 0)!;
      if (indent > around.indent) {
        this.#innermost.indent = indent;
        return true;
      }
      // A head without a block.
      while (this.#innermost.indent < 0) this.close();
      this.align(indent);
      return false;
    }
    while (indent < this.#innermost.indent && this.#blocks.length > 1) this.close();
    return indent === this.#innermost.indent;
  }

  /** Enters the block of a head; the next line, or the rest of this one, is in it. */
  open(head: Head): void {
    const outer = this.#innermost;
    if (BEGINS.has(head.keyword)) outer.open = begun(head.keyword !== 'try');
    this.#blocks.push(block(head, contextOf(head, outer), -1));
    if (head.otherwise !== null) outer.open.otherwise = withMarkers(outer.open.otherwise, head.otherwise);
    if (head.keyword === 'with' && head.catches) this.#innermost.keyword = 'suppressed';
    if (head.keyword !== 'except' || !head.catches || outer.open.isDecided) return;
    // The first handler that catches it decides.
    outer.open.isDecided = true;
    this.#innermost.keyword = 'handler';
  }

  close(): void {
    const { keyword, raises } = this.#blocks.pop()!;
    const outer = this.#innermost;
    if (keyword === 'handler') outer.open.guard.holds = !raises;
    else if (keyword === 'with') outer.raises ||= raises;
    else if (keyword === 'if') outer.open.raises = raises;
    else if (keyword === 'elif') outer.open.raises &&= raises;
    else if (keyword === 'else') outer.raises ||= outer.open.raises && raises;
  }

  raise(): void {
    this.#innermost.raises = true;
  }

  end(): void {
    while (this.#blocks.length > 1) this.close();
  }
}

function block({ keyword, name }: Pick<Head, 'keyword' | 'name'>, context: Context, indent: number): Block {
  return { keyword, name, context, indent, raises: false, open: begun(true) };
}

function begun(isDecided: boolean): Block['open'] {
  return { raises: false, guard: { holds: false }, isDecided, otherwise: [] };
}

function contextOf({ keyword, typing, marker, catches }: Head, { context, open }: Block): Context {
  switch (keyword) {
    case 'def':
      return functionContext(context);
    case 'class':
    case 'match':
      return context;
    case 'with':
      return catches
        ? { ...context, conditional: true, guards: [...context.guards, { holds: true }] }
        : context;
    case 'try':
      return { ...context, guards: [...context.guards, open.guard] };
    default:
      return {
        ...context,
        conditional: true,
        typing: context.typing || typing,
        markers: withMarkers(context.markers, ...open.otherwise, ...(marker === null ? [] : [marker])),
      };
  }
}

const HEADS = new Set('if elif else while for with try except finally def class'.split(' '));
/** The exceptions in `except` or `suppress` that catch a failing import. */
const CATCHING = new Set(['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException']);

/**
 * The head that a line begins with, or null, and the index of the colon that ends it, or the number of words. `match`
 * and `case` are names elsewhere, and `case` is a head within the block of a `match` only.
 * @param moduleOf what a dotted name of the file stands for
 */
export function readHead(
  words: Words,
  block: string,
  moduleOf: (name: string) => string,
): (Head & { colon: number }) | null {
  const start = words[0]?.text === 'async' ? 1 : 0;
  const keyword = words[start]?.text ?? '';
  const isMatch = keyword === 'match' && words.length > 2 && words.at(-1)!.text === ':';
  if (!HEADS.has(keyword) && !isMatch && !(keyword === 'case' && block === 'match')) return null;
  const colon = isMatch ? words.length - 1 : colonAfter(words, start);
  const rest = words.slice(start + 1, colon);
  const isTest = keyword === 'if' || keyword === 'elif';
  const hasMarker = isTest && mayHaveMarker(rest, moduleOf);
  return {
    keyword,
    name: keyword === 'def' || keyword === 'class' ? identifier(rest[0]?.text ?? '') : '',
    colon,
    typing: isTest && isTypeChecking(rest),
    marker: hasMarker ? markerOf(rest, true, moduleOf) : null,
    otherwise: hasMarker ? markerOf(rest, false, moduleOf) : null,
    catches: (keyword === 'except' && catches(rest)) || (keyword === 'with' && suppresses(rest)),
  };
}

/** The first colon outside of brackets that belongs to no lambda; the number of words if there is none. */
function colonAfter(words: Words, start: number): number {
  let lambdas = 0;
  const colon = words.findIndex(({ text, depth }, index) => {
    if (depth > 0 || index <= start) return false;
    if (text === 'lambda') lambdas++;
    return text === ':' && lambdas-- === 0;
  });
  return colon < 0 ? words.length : colon;
}

/** `TYPE_CHECKING`, of whatever module, in brackets or not. */
function isTypeChecking(test: Words): boolean {
  let [first, last] = [0, test.length - 1];
  while (test[first]?.text === '(' && test[last]?.text === ')') [first, last] = [first + 1, last - 1];
  const name = test.slice(first, last + 1);
  return (
    name.at(-1)?.text === 'TYPE_CHECKING' &&
    name.every(({ kind, text }, index) => (index % 2 === 0 ? kind === 'name' : text === '.'))
  );
}

function catches(caught: Words): boolean {
  const end = caught.findIndex(({ text }) => text === 'as');
  return (
    caught.length === 0 || caught.slice(0, end < 0 ? undefined : end).some(({ text }) => CATCHING.has(text))
  );
}

/** Whether one of the items of a `with` is a call of `suppress` with what catches an ImportError. */
function suppresses(items: Words): boolean {
  return items.some(({ text }, index) => {
    const bracket = items[index + 1];
    if (text !== 'suppress' || bracket?.text !== '(' || !isItem(items, index)) return false;
    for (let inside = index + 2; (items[inside]?.depth ?? 0) > bracket.depth; inside++) {
      if (CATCHING.has(items[inside]!.text)) return true;
    }
    return false;
  });
}

/** Whether the dotted name that ends at `index` begins an item of a `with`. */
function isItem(items: Words, index: number): boolean {
  let start = index;
  while (items[start - 1]?.text === '.' && items[start - 2]?.kind === 'name') start -= 2;
  const before = items[start - 1]?.text;
  const { depth } = items[start]!;
  return before === undefined || (before === ',' && depth <= 1) || (before === '(' && start === 1);
}

/** The dotted name at an index, and the index after it; empty if there is none. */
export function dottedAt(words: Words, start: number): { name: string; end: number } {
  let name = '';
  let end = start;
  while (words[end]?.kind === 'name') {
    name += identifier(words[end]!.text);
    end++;
    if (words[end]?.text !== '.' || words[end + 1]?.kind !== 'name') break;
    name += '.';
    end++;
  }
  return { name, end };
}

/** Arguments after these words of a call are not read. */
const MOST_WORDS = 200;

/** The arguments of a call or a class: whether one has no name, those that begin with a name, and the others' names. */
export function argumentsAt(
  words: Words,
  bracket: number,
): { hasFirst: boolean; names: string[]; keywords: string[] } {
  const names: string[] = [];
  const keywords: string[] = [];
  let hasFirst = false;
  const { depth } = words[bracket]!;
  const last = bracket + MOST_WORDS;
  for (let at = bracket + 1; at < last && (words[at]?.depth ?? 0) > depth; at++) {
    const before = words[at - 1]!;
    const isStart = at === bracket + 1 || (before.text === ',' && before.depth === depth + 1);
    if (!isStart) continue;
    const { name, end } = dottedAt(words, at);
    if (name !== '' && words[end]?.text === '=') keywords.push(name);
    else {
      hasFirst = true;
      if (name !== '') names.push(name);
    }
  }
  return { hasFirst, names, keywords };
}

const LITERAL = /^[rRuU]?("""|'''|"|')([\p{L}\p{N}_.]{0,200})\1$/u;
const DOTTED_NAME = /^[\p{L}_][\p{L}\p{N}_.]*$/u;

/**
 * The dotted name in an argument or in brackets that consists of one or more adjacent literals, and the word after it; null
 * for anything else.
 */
export function literalAt(words: Words, start: number): { value: string; after: string } | null {
  let value = '';
  let index = start;
  for (; words[index]?.kind === 'string'; index++) {
    const part = LITERAL.exec(words[index]!.text)?.[2];
    if (part === undefined) return null;
    value += part;
  }
  const after = words[index]?.text ?? '';
  return /^[,)\]]$/.test(after) && DOTTED_NAME.test(value) ? { value, after } : null;
}

/** An import statement as it is written; unfinished ones have fewer parts. */
export interface ImportStatement {
  /** The module after `from`, and its leading dots; null for a plain `import`. */
  origin: { module: string; level: number } | null;
  items: { name: string; alias: string | null; from: number }[];
}

export function readImport(words: Words): ImportStatement {
  let index = 1;
  const is = (text: string) => words[index]?.text === text;
  const isName = (at: number) => words[at]?.kind === 'name';
  const dottedName = (): string => {
    const { name, end } = dottedAt(words, index);
    index = end;
    return name;
  };

  const origin = words[0]!.text === 'from' ? { module: '', level: 0 } : null;
  const items: ImportStatement['items'] = [];
  if (origin) {
    for (; is('.') || is('...'); index++) origin.level += words[index]!.text.length;
    if (!is('import')) origin.module = dottedName();
    if (!is('import')) return { origin, items };
    index++;
    if (is('*')) return { origin, items: [{ name: '*', alias: null, from: words[index]!.from }] };
    if (is('(')) index++;
  }
  while (isName(index)) {
    const { from } = words[index]!;
    const name = dottedName();
    const isRenamed = is('as') && isName(index + 1);
    items.push({ name, alias: isRenamed ? identifier(words[index + 1]!.text) : null, from });
    if (isRenamed) index += 2;
    if (!is(',')) break;
    index++;
  }
  return { origin, items };
}

/** Python compares identifiers in the normalization form NFKC (PEP 3131). */
function identifier(word: string): string {
  return /^[\x20-\x7e]*$/.test(word) ? word : word.normalize('NFKC');
}
