/** Reads single statements and heads from their tokens. */
import type { Head } from './blocks.ts';
import type { Token } from './tokens.ts';

/** Tokens with their text. */
export type Words = readonly (Token & { text: string })[];

export function wordsOf(text: string, tokens: readonly Token[]): Words {
  return tokens.map((token) => ({ ...token, text: text.slice(token.from, token.to) }));
}

const HEADS = new Set([
  'if',
  'elif',
  'else',
  'while',
  'for',
  'with',
  'try',
  'except',
  'finally',
  'def',
  'class',
]);
/** The exceptions in `except` or `suppress` that catch a failing import. */
const CATCHING = new Set(['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException']);

/**
 * The head that a line begins with, and the index of the colon that ends it (of none: the number of words); null if
 * the line begins with no head. `match` and `case` are names elsewhere, and `case` is a head within the block of a
 * `match` only.
 */
export function readHead(words: Words, block: string): (Head & { colon: number }) | null {
  const start = words[0]?.text === 'async' ? 1 : 0;
  const keyword = words[start]?.text ?? '';
  const isMatch = keyword === 'match' && words.length > 2 && words.at(-1)!.text === ':';
  if (!HEADS.has(keyword) && !isMatch && !(keyword === 'case' && block === 'match')) return null;
  const colon = isMatch ? words.length - 1 : colonAfter(words, start);
  const rest = words.slice(start + 1, colon);
  return {
    keyword,
    colon,
    typing: (keyword === 'if' || keyword === 'elif') && isTypeChecking(rest),
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

/** Whether an `except` is for a module that is missing, or for everything. */
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

/** An import statement as it is written; unfinished ones have fewer parts. */
export interface ImportStatement {
  /** Of `from`; null for a plain `import`. */
  origin: { module: string; level: number } | null;
  items: { name: string; alias: string | null; from: number }[];
}

/** Reads a statement that begins with `import` or `from`. */
export function readImport(words: Words): ImportStatement {
  let index = 1;
  const is = (text: string) => words[index]?.text === text;
  const isName = (at: number) => words[at]?.kind === 'name';
  const dottedName = (): string => {
    let name = isName(index) ? identifier(words[index++]!.text) : '';
    for (; name !== '' && is('.') && isName(index + 1); index += 2)
      name += `.${identifier(words[index + 1]!.text)}`;
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
