/** Under which circumstances a block of Python runs. */
import type { SyntaxNode } from '@lezer/common';
import type { When } from './import.ts';

export interface Context {
  lazy: boolean;
  conditional: boolean;
  typing: boolean;
  guarded: boolean;
}

export const MODULE: Context = { lazy: false, conditional: false, typing: false, guarded: false };

/** In UTF-16 units; what a `with` or `if` says beyond is not read, which bounds the work on hostile input. */
const LONGEST_HEAD = 500;

const TYPE_CHECKING = /^[\s(]*(?:\w+\.)?TYPE_CHECKING[\s)]*$/;
const SUPPRESSES = /\bsuppress\s*\([^)]*\b(?:ImportError|ModuleNotFoundError|Exception)\b/;
const CATCHES = /\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/;

export function whenOf({ lazy, conditional, typing }: Context): When {
  if (typing) return 'typing';
  if (lazy) return 'lazy';
  return conditional ? 'conditional' : 'always';
}

/** What a function's body runs in; a `try` around the function is over when it is called. */
export function functionContext({ typing }: Context): Context {
  return { lazy: true, conditional: false, typing, guarded: false };
}

/** What the block of a compound statement runs in, given what the statement runs in. */
export function bodyContext(body: SyntaxNode, outer: Context, text: string): Context {
  const statement = body.parent;
  switch (statement?.name) {
    case 'IfStatement': {
      const test = before(body);
      const typing = test !== null && test.name !== 'else' && TYPE_CHECKING.test(textOf(test, text));
      return { ...outer, conditional: true, typing: outer.typing || typing };
    }
    case 'TryStatement': {
      const guarded = before(body)?.name === 'try' && catchesImportError(statement, text);
      return { ...outer, conditional: true, guarded: outer.guarded || guarded };
    }
    case 'WithStatement': {
      const head = text.slice(statement.from, Math.min(body.from, statement.from + LONGEST_HEAD));
      const suppressed = SUPPRESSES.test(head);
      return suppressed ? { ...outer, conditional: true, guarded: true } : outer;
    }
    case 'ForStatement':
    case 'WhileStatement':
    case 'MatchClause':
      return { ...outer, conditional: true };
    case 'FunctionDefinition':
      return functionContext(outer);
    default:
      return outer;
  }
}

/** Whether one of the `except` clauses is for a module that is missing, or for everything. */
function catchesImportError(statement: SyntaxNode, text: string): boolean {
  for (let node = statement.firstChild; node; node = node.nextSibling) {
    if (node.name !== 'except') continue;
    let caught = node.nextSibling;
    while (caught && caught.name !== 'Body' && caught.name !== 'as') {
      if (CATCHES.test(textOf(caught, text))) return true;
      caught = caught.nextSibling;
    }
    // Nothing between `except` and its block.
    if (caught?.name === 'Body' && before(caught)?.name === 'except') return true;
  }
  return false;
}

function before(node: SyntaxNode): SyntaxNode | null {
  let sibling = node.prevSibling;
  while (sibling?.name === 'Comment') sibling = sibling.prevSibling;
  return sibling;
}

function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, Math.min(to, from + LONGEST_HEAD));
}
