/** When each block of a Python file runs. */
import type { When } from './import.ts';

/** The context of a statement. `guarded` is known once the handlers of the `try` around it have been read. */
export interface Context {
  lazy: boolean;
  conditional: boolean;
  typing: boolean;
  /** Every `try` or `with` around it, within the same function, that may swallow an ImportError. */
  guards: readonly Guard[];
}

/** Whether a statement continues if its block raises an ImportError, as far as is known yet. */
export interface Guard {
  holds: boolean;
}

export const MODULE: Context = { lazy: false, conditional: false, typing: false, guards: [] };

export function whenOf({ lazy, conditional, typing }: Context): When {
  if (typing) return 'typing';
  if (lazy) return 'lazy';
  return conditional ? 'conditional' : 'always';
}

/** The context of a function's body. A `try` around the function has ended when it is called. */
export function functionContext({ typing }: Context): Context {
  return { lazy: true, conditional: false, typing, guards: [] };
}

/** The head of a compound statement, or of one of its clauses. */
export interface Head {
  keyword: string;
  /** Of `if` and `elif`: whether the condition is `TYPE_CHECKING`. */
  typing: boolean;
  /** Of `with`: whether it suppresses ImportError; of `except`: whether it catches it. */
  catches: boolean;
}

/** Statements that may have an `else`, `except` or `finally` clause. */
const BEGINS = new Set(['if', 'try', 'for', 'while']);

interface Block {
  keyword: string;
  context: Context;
  /** Columns; -1 until its first line has been read. */
  indent: number;
  /** Whether it ends with an exception, whatever its conditions are. */
  raises: boolean;
  /** The last statement in it to which an `else` or `except` would belong. */
  open: { raises: boolean; guard: Guard; isDecided: boolean };
}

/** The blocks around the line that is being read, from the module to the innermost. */
export class Blocks {
  readonly #blocks: Block[] = [block('', MODULE, 0)];

  get context(): Context {
    return this.#innermost.context;
  }

  get keyword(): string {
    return this.#innermost.keyword;
  }

  get #innermost(): Block {
    return this.#blocks.at(-1)!;
  }

  /** Leaves the blocks that a line with this indentation is not in. Returns whether the indentation is valid. */
  align(indent: number): boolean {
    if (this.#innermost.indent < 0) {
      const around = this.#blocks.findLast((one) => one.indent >= 0)!;
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
    if (BEGINS.has(head.keyword)) {
      outer.open = { raises: false, guard: { holds: false }, isDecided: head.keyword !== 'try' };
    }
    this.#blocks.push(block(head.keyword, contextOf(head, outer), -1));
    if (head.keyword === 'with' && head.catches) this.#innermost.keyword = 'suppressed';
    if (head.keyword !== 'except' || !head.catches || outer.open.isDecided) return;
    // The first handler that catches it decides.
    outer.open.isDecided = true;
    this.#innermost.keyword = 'handler';
  }

  /** Leaves the innermost block. */
  close(): void {
    const { keyword, raises } = this.#blocks.pop()!;
    const outer = this.#innermost;
    if (keyword === 'handler') outer.open.guard.holds = !raises;
    else if (keyword === 'with') outer.raises ||= raises;
    else if (keyword === 'if') outer.open.raises = raises;
    else if (keyword === 'elif') outer.open.raises &&= raises;
    else if (keyword === 'else') outer.raises ||= outer.open.raises && raises;
  }

  /** Notes a `raise` statement. */
  raise(): void {
    this.#innermost.raises = true;
  }

  end(): void {
    while (this.#blocks.length > 1) this.close();
  }
}

function block(keyword: string, context: Context, indent: number): Block {
  return {
    keyword,
    context,
    indent,
    raises: false,
    open: { raises: false, guard: { holds: false }, isDecided: true },
  };
}

function contextOf({ keyword, typing, catches }: Head, { context, open }: Block): Context {
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
      return { ...context, conditional: true, guards: [...context.guards, open.guard] };
    default:
      return { ...context, conditional: true, typing: context.typing || typing };
  }
}
