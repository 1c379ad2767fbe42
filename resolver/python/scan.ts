/** Finds the imports of a Python file. Accepts any text, and skips invalid syntax. */
import { environmentUse } from './environment.ts';
import { firstPart } from './modules.ts';
import {
  type Branch,
  type Call,
  type Definition,
  type EnvironmentUse,
  type Import,
  NOTHING,
  type Reference,
  type Scan,
  type SourcePosition,
} from './project.ts';
import {
  argumentsAt,
  Blocks,
  type Context,
  dottedAt,
  functionContext,
  type Guard,
  type Head,
  literalAt,
  readHead,
  readImport,
  whenOf,
} from './statements.ts';
import { type LogicalLine, Tokenizer, type Words } from './tokens.ts';

const ANYTHING = /import|^(?:async\s+def|def|class)\s|^(?:on_\w+|Default)\s*[:=]/m;

/** Functions that import a module, which a literal names. */
const IMPORTING = /^(?:__import__|(?:importlib\.)?import_module)$/;

/** Methods of whatever object whose calls are recorded: of a Workflow's step, and of the headers of a request. */
const METHODS = /\.(?:do|get_all)$/;

/**
 * Every import of a file, and every use of the watched modules, which are named by the first part of their name.
 * @example
 * ```ts
 * import { scanPython } from 'pinwheel-py/python';
 * const source = 'import httpx\ndef f():\n    import json\nhttpx.get(url)';
 * const { imports, references } = scanPython(source, new Set(['httpx']));
 * imports.map(({ module, when }) => [module, when]); // → [['httpx', 'always'], ['json', 'lazy']]
 * references[0]; // → { name: 'httpx.get', typing: false, line: 4, column: 1 }
 * ```
 */
export function scanPython(source: string, watched: ReadonlySet<string> = new Set()): Scan {
  if (!ANYTHING.test(source)) return NOTHING;
  return new Scanner(withLineFeeds(source), watched).scan();
}

export function withLineFeeds(source: string): string {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

class Scanner {
  readonly #watched: ReadonlySet<string>;
  readonly #tokenizer: Tokenizer;
  readonly #positionAt: (offset: number) => SourcePosition;
  readonly #blocks = new Blocks();
  /** Whether an import is guarded shows when the handlers after it have been read. */
  readonly #imports: (Omit<Import, 'guarded'> & { guards: readonly Guard[] })[] = [];
  /** The imports by name, as references. */
  readonly #named: Reference[] = [];
  /** The modules, or what is in them, that names of the file stand for: dotted. */
  readonly #bound = new Map<string, string>();
  readonly #chains: Chain[] = [];
  readonly #definitions: Definition[] = [];
  readonly #calls: (Omit<Call, keyof SourcePosition> & { from: number })[] = [];
  readonly #environment: EnvironmentUse[] = [];
  readonly #branches: Branch[] = [];

  constructor(text: string, watched: ReadonlySet<string>) {
    this.#watched = watched;
    this.#tokenizer = new Tokenizer(text);
    this.#positionAt = positionsOf(text);
  }

  scan(): Scan {
    for (const line of this.#tokenizer.lines()) this.#line(line);
    this.#blocks.end();
    const { broken } = this.#tokenizer;
    return {
      imports: this.#imports.map(({ module, level, names, when, guards, line, column }) => {
        const guarded = guards.some(({ holds }) => holds);
        // A `try` that raises again, or does not catch it, ends the file as no `try` would.
        const runs = when === 'always' && guarded ? 'conditional' : when;
        return { module, level, names, when: runs, guarded, line, column };
      }),
      references: this.#references(),
      definitions: this.#definitions.map((definition) => {
        const { is, of } = definition;
        return is === 'import' || is === 'function'
          ? definition
          : { ...definition, of: of.map((name) => this.#moduleOf(name)) };
      }),
      calls: this.#calls.flatMap(({ from, ...call }) => {
        const name = this.#importedAs(call.name);
        if (call.isMethod) return [{ ...call, ...this.#positionAt(from) }];
        return this.#watched.has(firstPart(name)) ? [{ ...call, name, ...this.#positionAt(from) }] : [];
      }),
      environment: this.#environment,
      branches: this.#branches,
      broken: broken === null ? null : this.#positionAt(broken),
    };
  }

  #line({ indent, words }: LogicalLine): void {
    if (!this.#blocks.align(indent)) this.#tokenizer.break(words[0]!.from);
    const head = readHead(words, this.#blocks.keyword, (name) => this.#importedAs(name));
    if (head === null) {
      this.#statements(words);
      return;
    }
    this.#inBranch(words);
    this.#expressions(words.slice(0, head.colon));
    if (head.name !== '') this.#define(head, words);
    if (head.colon === words.length) this.#tokenizer.break(words.at(-1)!.to);
    this.#blocks.open(head);
    if (head.colon + 1 >= words.length) return;
    this.#statements(words.slice(head.colon + 1));
    this.#blocks.close();
  }

  /** A function or a class at the top of the file, or in a class there. */
  #define({ name, keyword, colon }: Head & { colon: number }, words: Words): void {
    const { owner, context } = this.#blocks;
    if (context.lazy || context.typing) return;
    const bracket = words.findIndex(({ text, depth }, at) => at < colon && text === '(' && depth === 0);
    const { names, keywords } = bracket >= 0 ? argumentsAt(words, bracket) : { names: [], keywords: [] };
    if (keyword === 'class') this.#addDefinition(owner + name, 'class', names, words[0]!.from);
    else {
      const rest = words.slice(bracket, colon).some(({ text }) => /^\*\*?$/.test(text)) ? ['*'] : [];
      this.#addDefinition(owner + name, 'function', [...names, ...keywords, ...rest], words[0]!.from);
    }
  }

  /** `name = maker(…)`, with a type or without, at the top of the file. */
  #assign(words: Words): void {
    const { owner, context } = this.#blocks;
    const annotated = words[1]?.text === ':';
    if (owner !== '' || context.lazy || context.typing || !(annotated || words[1]?.text === '=')) return;
    const equals = words.findIndex(({ text, depth }) => text === '=' && depth === 0);
    if (words[0]!.kind !== 'name' || equals < 0) return;
    const { name, end } = dottedAt(words, equals + 1);
    const of = name === '' || (words[end] && words[end].text !== '(') ? [] : [name];
    this.#addDefinition(words[0]!.text, 'value', of, words[0]!.from);
  }

  #addDefinition(name: string, is: Definition['is'], of: string[], from: number): void {
    this.#definitions.push({ name, is, of, ...this.#positionAt(from) });
  }

  /** The statements of a line, or after a head's colon. */
  #statements(words: Words): void {
    this.#inBranch(words);
    for (let start = 0; start < words.length; ) {
      let end = start;
      while (end < words.length && !(words[end]!.text === ';' && words[end]!.depth === 0)) end++;
      if (end > start) this.#statement(words.slice(start, end));
      start = end + 1;
    }
  }

  #statement(words: Words): void {
    const { text } = words[0]!;
    if (text === 'import' || text === 'from') this.#import(words);
    else {
      this.#assign(words);
      this.#expressions(words);
    }
    if (text === 'raise') this.#blocks.raise();
  }

  #import(words: Words): void {
    const { context } = this.#blocks;
    const { origin, items } = readImport(words);
    if (items.length === 0 || (origin?.module === '' && origin.level === 0)) {
      this.#tokenizer.break(words.at(-1)!.to);
      return;
    }
    if (origin === null) {
      for (const { name, alias, from } of items) {
        this.#add(name, 0, null, from, context);
        const first = firstPart(name);
        this.#bound.set(alias ?? first, alias === null ? first : name);
      }
      return;
    }
    const names = items.map(({ name }) => name);
    this.#add(origin.module, origin.level, names, words[0]!.from, context);
    if (!context.lazy && !context.typing && this.#blocks.owner === '') {
      const before = '.'.repeat(origin.level) + (origin.module === '' ? '' : `${origin.module}.`);
      for (const { name, alias, from } of items)
        this.#addDefinition(alias ?? name, 'import', [before + name], from);
    }
    if (origin.level > 0) return;
    for (const { name, alias, from } of items) {
      const module = `${origin.module}.${name}`;
      this.#named.push({ name: module, typing: context.typing, ...this.#positionAt(from) });
      if (name !== '*') this.#bound.set(alias ?? name, module);
    }
  }

  #expressions(words: Words): void {
    const { context } = this.#blocks;
    for (const chain of chainsIn(words)) {
      const { local, rest, from, end, inLambda } = chain;
      const isCalled = words[end]?.text === '(';
      const around = inLambda ? functionContext(context) : context;
      if (this.#watched.size > 0) {
        this.#chains.push(chain);
        if (isCalled) this.#call(words, chain, context);
        this.#useEnvironment(words, chain, around);
      }
      const module = isCalled && IMPORTING.test(local + rest) ? literalAt(words, end + 1)?.value : undefined;
      if (module === undefined) continue;
      this.#add(module, 0, null, from, { ...around, lazy: true });
    }
  }

  #add(module: string, level: number, names: string[] | null, from: number, context: Context): void {
    const { guards } = context;
    this.#imports.push({ module, level, names, when: whenOf(context), guards, ...this.#positionAt(from) });
  }

  #call(words: Words, { local, rest, from, end, inLambda }: Chain, context: Context): void {
    const name = local + rest;
    const isMethod = METHODS.test(name);
    const { hasFirst, keywords } = isMethod ? argumentsAt(words, end) : { hasFirst: true, keywords: [] };
    const when = whenOf(inLambda ? functionContext(context) : context);
    this.#calls.push({ name, isMethod, when, hasFirst, keywords, from });
  }

  #useEnvironment(words: Words, { local, rest, from, end }: Chain, context: Context): void {
    if (!this.#bound.has(local)) return;
    const use = environmentUse(this.#moduleOf(local + rest), words, end);
    const { lazy, conditional, typing, guards } = context;
    if (use === null || typing || (use.is !== 'set' && (conditional || guards.length > 0))) return;
    this.#environment.push({ ...use, lazy, ...this.#positionAt(from) });
  }

  /** A dotted name, with the module that its first part stands for. */
  #moduleOf(name: string): string {
    const first = firstPart(name);
    return (this.#bound.get(first) ?? first) + name.slice(first.length);
  }

  /** Like {@link #moduleOf}, but empty if no import binds the first part. */
  #importedAs(name: string): string {
    return this.#bound.has(firstPart(name)) ? this.#moduleOf(name) : '';
  }

  /** Notes the lines of these words if they do not run everywhere. */
  #inBranch(words: Words): void {
    const { markers } = this.#blocks.context;
    if (markers.length === 0) return;
    const [from, to] = [words[0]!.from, words.at(-1)!.to].map((offset) => this.#positionAt(offset).line);
    const last = this.#branches.at(-1);
    if (last?.markers === markers) last.to = to!;
    else this.#branches.push({ from: from!, to: to!, markers });
  }

  #references(): Reference[] {
    const isWatched = (name: string) => this.#watched.has(firstPart(name));
    const references = this.#named.filter(({ name }) => isWatched(name));
    for (const { local, rest, from } of this.#chains) {
      const module = this.#bound.get(local);
      if (rest === '' || module === undefined || !isWatched(module)) continue;
      references.push({ name: module + rest, typing: false, ...this.#positionAt(from) });
    }
    return references.sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** Lines and columns of offsets into a text. To ask in ascending order is quick, however long the lines are. */
export function positionsOf(text: string): (offset: number) => SourcePosition {
  /** The offset at which each line begins; made when it is asked for. */
  let starts: number[] | null = null;
  let hasPairs = false;
  /** How many surrogate pairs lie between the start of a line and an offset in it. */
  const counted = { start: 0, offset: 0, pairs: 0 };
  return (offset) => {
    if (starts === null) {
      starts = lineStarts(text);
      hasPairs = /[\ud800-\udbff]/.test(text);
    }
    let line = 0;
    for (let end = starts.length; end - line > 1; ) {
      const middle = (line + end) >> 1;
      if (starts[middle]! <= offset) line = middle;
      else end = middle;
    }
    const start = starts[line]!;
    if (!hasPairs) return { line: line + 1, column: offset - start + 1 };
    if (counted.start !== start || counted.offset > offset) {
      counted.start = start;
      counted.offset = start;
      counted.pairs = 0;
    }
    counted.pairs += text.slice(counted.offset, offset).match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
    counted.offset = offset;
    return { line: line + 1, column: offset - start - counted.pairs + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
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

/** A chain such as `threading.Thread`, whose first name may be a module's; or one name before a bracket. */
interface Chain {
  /** The first name of the chain. */
  local: string;
  /** The other names, each with the dot before it. */
  rest: string;
  from: number;
  /** The index of the word after it. */
  end: number;
  /** Whether it is in the body of a lambda. */
  inLambda: boolean;
}

/** In UTF-16 units; longer chains are skipped. */
const LONGEST_CHAIN = 200;

function chainsIn(words: Words): Chain[] {
  const chains: Chain[] = [];
  const lambdas = new Lambdas();
  for (let index = 0; index < words.length; index++) {
    const { kind, text: local, from, depth } = words[index]!;
    lambdas.pass(local, depth);
    if (kind !== 'name' || words[index - 1]?.text === '.') continue;
    let rest = '';
    for (; words[index + 1]?.text === '.' && words[index + 2]?.kind === 'name'; index += 2) {
      if (rest.length <= LONGEST_CHAIN) rest += `.${words[index + 2]!.text}`;
    }
    const end = index + 1;
    const hasBracket = words[end]?.text === '(' || words[end]?.text === '[';
    if ((rest !== '' || hasBracket) && local.length + rest.length <= LONGEST_CHAIN)
      chains.push({ local, rest, from, end, inLambda: lambdas.inBody });
  }
  return chains;
}
