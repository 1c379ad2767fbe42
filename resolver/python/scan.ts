/** Finds what a Python file imports. Takes any text: what is no Python is passed over. */
import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common';
import { bodyContext, type Context, functionContext, MODULE, whenOf } from './context.ts';
import { ErrorFilter, withoutGaps } from './grammar-gaps.ts';
import type { Import, Place, Reference, Scan } from './import.ts';
import { readImport } from './import-statement.ts';
import { parsePython } from './parse.ts';
import { placesOf } from './places.ts';
import { type Bound, referencesIn } from './references.ts';

/** A call that imports what a plain literal names, from the callee on. */
const IMPORTING =
  /(?:__import__|(?:importlib\s*\.\s*)?import_module)\s*\(\s*[rRuU]?("""|'''|"|')([\p{L}_][\p{L}\p{N}_.]{0,200})\1\s*[,)]/uy;
/** More errors than this are no gaps of the grammar. */
const MOST_GAPS = 1_000;
const NOTHING: Scan = { imports: [], references: [], broken: null };

/**
 * Every import of a file, and every use of the watched modules, which are named by the first part of their name.
 *
 * @example
 * ```ts
 * import { scanPython } from 'pinwheel-py/python';
 *
 * const source = 'import httpx\ndef f():\n    import json\nhttpx.get(url)';
 * const { imports, references } = scanPython(source, new Set(['httpx']));
 * imports.map(({ module, when }) => [module, when]); // → [['httpx', 'always'], ['json', 'lazy']]
 * references[0]; // → { name: 'httpx.get', typing: false, line: 4, column: 1 }
 * ```
 */
export function scanPython(source: string, watched: ReadonlySet<string> = new Set()): Scan {
  if (!source.includes('import')) return NOTHING;
  const text = normalized(source);
  const tree = parsePython(text);
  if (tree === null) return { ...NOTHING, broken: { line: 1, column: 1 } };
  const found = new Finder(text);
  walk(tree, found, text.includes('import_module') || text.includes('__import__'));

  const isWatched = (name: string) => watched.has(firstPart(name));
  const bound = found.bound.filter(({ module }) => isWatched(module));
  const uses = bound.length > 0 ? referencesIn(tree, text, bound, found.placeAt) : [];
  const references = [...found.named.filter(({ name }) => isWatched(name)), ...uses];
  references.sort((a, b) => a.line - b.line || a.column - b.column);
  return { imports: found.imports, references, broken: found.broken };
}

/** Line ends as `\n`; what comes before a form feed does not count as indentation. */
function normalized(source: string): string {
  const marked = source.startsWith('\ufeff') ? source.slice(1) : source;
  const text = marked.includes('\r') ? marked.replace(/\r\n?/g, '\n') : marked;
  return withoutGaps(text);
}

/** Visits the tree without recursion, however deep it is, and keeps track of the contexts. */
function walk(tree: Tree, found: Finder, hasCalls: boolean): void {
  const outer: Context[] = [];
  let context = MODULE;
  const enter = (next: Context) => {
    outer.push(context);
    context = next;
  };
  tree.cursor().iterate(
    (ref) => {
      if (ref.type.isError) found.error(ref);
      else if (ref.name === 'PrintStatement') found.print(ref.from);
      else if (ref.name === 'Body') enter(bodyContext(ref.node, context, found.text));
      else if (ref.name === 'LambdaExpression') enter(functionContext(context));
      else if (ref.name === 'ImportStatement') found.statement(ref.node, context);
      else if (hasCalls && ref.name === 'CallExpression') found.call(ref.from, context);
    },
    (ref) => {
      if (ref.name === 'Body' || ref.name === 'LambdaExpression') context = outer.pop()!;
    },
  );
}

class Finder {
  readonly text: string;
  readonly imports: Import[] = [];
  /** The imports by name, as references. */
  readonly named: Reference[] = [];
  readonly bound: Bound[] = [];
  readonly placeAt: (offset: number) => Place;
  broken: Place | null = null;
  private readonly errors: ErrorFilter;
  private gaps = 0;
  private lastCall = -1;

  constructor(text: string) {
    this.text = text;
    this.placeAt = placesOf(text);
    this.errors = new ErrorFilter(text);
  }

  statement(node: SyntaxNode, context: Context): void {
    const { origin, items } = readImport(node, this.text);
    if (origin === null) {
      for (const { name, alias, from } of items) {
        this.add(name, 0, null, this.placeAt(from), context);
        this.bound.push(
          alias === null
            ? { local: firstPart(name), module: firstPart(name) }
            : { local: alias, module: name },
        );
      }
      return;
    }
    if (items.length === 0 || (origin.module === '' && origin.level === 0)) return;
    const names = items.map(({ name }) => name);
    this.add(origin.module, origin.level, names, this.placeAt(node.from), context);
    if (origin.level > 0) return;
    for (const { name, alias, from } of items) {
      const module = `${origin.module}.${name}`;
      this.named.push({ name: module, typing: context.typing, ...this.placeAt(from) });
      if (name !== '*') this.bound.push({ local: alias ?? name, module });
    }
  }

  call(from: number, context: Context): void {
    // What such a call returns may be called again, and that call begins where this one does.
    if (from === this.lastCall) return;
    IMPORTING.lastIndex = from;
    const module = IMPORTING.exec(this.text)?.[2];
    if (module === undefined) return;
    this.lastCall = from;
    this.add(module, 0, null, this.placeAt(from), { ...context, lazy: true });
  }

  error(ref: SyntaxNodeRef): void {
    if (this.broken !== null) return;
    if (this.gaps++ >= MOST_GAPS || this.errors.isError(ref.node)) this.broken = this.placeAt(ref.from);
  }

  /** A statement of Python 2, unless it is the operator `>>`. */
  print(from: number): void {
    if (/^print[ \t]+["'\w]/.test(this.text.slice(from, from + 20))) this.broken ??= this.placeAt(from);
  }

  private add(module: string, level: number, names: string[] | null, place: Place, context: Context): void {
    this.imports.push({ module, level, names, when: whenOf(context), guarded: context.guarded, ...place });
  }
}

function firstPart(module: string): string {
  const dot = module.indexOf('.');
  return dot < 0 ? module : module.slice(0, dot);
}
