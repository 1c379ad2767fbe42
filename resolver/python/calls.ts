/** The expressions that a scan reads: calls that import, and chains of attributes. */
import type { Words } from './statements.ts';

/** A call that imports a module named by a literal. */
export interface ImportingCall {
  module: string;
  /** The offset of its callee. */
  from: number;
  /** Whether it is in the body of a lambda. */
  inLambda: boolean;
}

const LITERAL = /^[rRuU]?("""|'''|"|')([\p{L}\p{N}_.]{0,200})\1$/u;
const MODULE_NAME = /^[\p{L}_][\p{L}\p{N}_.]*$/u;

/** `__import__("a")`, `import_module("a")` and `importlib.import_module("a")`. */
export function importingCalls(words: Words): ImportingCall[] {
  const calls: ImportingCall[] = [];
  const lambdas = new Lambdas();
  for (const [index, { text, depth, from }] of words.entries()) {
    lambdas.pass(text, depth);
    if ((text !== '__import__' && text !== 'import_module') || words[index + 1]?.text !== '(') continue;
    const isAttribute = words[index - 1]?.text === '.';
    const owner = words[index - 2];
    const isImportlibs = owner?.text === 'importlib' && words[index - 3]?.text !== '.';
    if (isAttribute && !(text === 'import_module' && isImportlibs)) continue;
    const module = literalAt(words, index + 2);
    if (module === null) continue;
    calls.push({ module, from: isAttribute ? owner!.from : from, inLambda: lambdas.inBody });
  }
  return calls;
}

/** The value of an argument that consists of one or more adjacent literals; null for anything else. */
function literalAt(words: Words, start: number): string | null {
  let value = '';
  let index = start;
  for (; words[index]?.kind === 'string'; index++) {
    const part = LITERAL.exec(words[index]!.text)?.[2];
    if (part === undefined) return null;
    value += part;
  }
  const after = words[index]?.text;
  return (after === ',' || after === ')') && MODULE_NAME.test(value) ? value : null;
}

/** The lambdas whose body contains a token. Their defaults are evaluated outside. */
class Lambdas {
  readonly #open: { depth: number; inBody: boolean }[] = [];
  #bodies = 0;

  get inBody(): boolean {
    return this.#bodies > 0;
  }

  pass(text: string, depth: number): void {
    let last = this.#open.at(-1);
    while (last && (depth < last.depth || (depth === last.depth && last.inBody && ENDS_LAMBDA.test(text)))) {
      this.#open.pop();
      if (last.inBody) this.#bodies--;
      last = this.#open.at(-1);
    }
    if (text === 'lambda') this.#open.push({ depth, inBody: false });
    else if (text === ':' && last?.depth === depth && !last.inBody) {
      last.inBody = true;
      this.#bodies++;
    }
  }
}

const ENDS_LAMBDA = /^(?:[,:]|for|as|async)?$/;

/** A chain such as `threading.Thread`, whose first name may be a module's. */
export interface Chain {
  /** Its first name. */
  local: string;
  /** The other names, each with the dot before it. */
  rest: string;
  from: number;
}

/** In UTF-16 units; longer chains are skipped. */
const LONGEST_CHAIN = 200;

export function chainsIn(words: Words): Chain[] {
  const chains: Chain[] = [];
  for (let index = 0; index < words.length; index++) {
    const { kind, text: local, from } = words[index]!;
    if (kind !== 'name' || words[index - 1]?.text === '.') continue;
    let rest = '';
    for (; words[index + 1]?.text === '.' && words[index + 2]?.kind === 'name'; index += 2) {
      if (rest.length <= LONGEST_CHAIN) rest += `.${words[index + 2]!.text}`;
    }
    if (rest !== '' && local.length + rest.length <= LONGEST_CHAIN) chains.push({ local, rest, from });
  }
  return chains;
}
