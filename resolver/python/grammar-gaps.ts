/** What Python has and `@lezer/python` 1.1.19 has not, so that neither tree nor report suffers from it. */
import type { SyntaxNode } from '@lezer/common';

/** `1.` where no digit follows; the grammar knows `1.0` only. */
const POINTED_NUMBER = /(?<![\w.])(\d[\d_]*)\.(?![\w.])/g;
/** `as (a, b)` and `as a.b` of a `with`, at which the grammar loses its block. */
const AS_TARGET = /\bas([ \t]*)(\([\w\s,.*[\]]{0,500}\)|[ \t]\w+(?:\.\w+)+)(?=[ \t]*(?:[:,)\\]|$))/gm;

/** A backslash that goes on with an empty line or a comment, by which the grammar takes one line too much. */
const VAIN_CONTINUATION = /\\(?=\n[ \t\f]*(?:#[^\n'"\\]*)?\n)/g;

/** A text of the same lines and columns, in which what the grammar cannot take has become digits and names. */
export function withoutGaps(text: string): string {
  return text
    .replace(POINTED_NUMBER, '$10')
    .replace(AS_TARGET, (_, space: string, target: string) => `as${space}${asName(target)}`)
    .replace(VAIN_CONTINUATION, ' ');
}

/** One name in the place of a target; over several lines, after continuations. */
function asName(target: string): string {
  if (!target.startsWith('(')) return target.replaceAll('.', '_');
  if (target.includes('\n\n')) return target;
  return `${target
    .slice(0, -1)
    .replace(/[^\n](?=\n)/g, '\\')
    .replace(/[^\n\\]/g, ' ')}_`;
}

/** Within these, what the grammar takes for an error may well be Python. */
const GAPPED = new Set([
  // `@False or null`
  'Decorator',
  'DecoratedStatement',
  // `f'{x:=10}'`, `rf'\{{'`
  'FormatString',
  // `case A():`, `match x,:`
  'MatchClause',
  'MatchStatement',
  // `lambda a, /, b: a`
  'LambdaExpression',
  // `print >> file`, an expression in Python 3.
  'PrintStatement',
  // The default of a type parameter (PEP 696).
  'TypeParamList',
  // `with (a() as b, c):`
  'WithStatement',
  // A bare `yield`.
  'YieldExpression',
  'YieldStatement',
]);
/** How far, in UTF-16 units, the grammar is out of step after a gap. */
const AFTERMATH = 300;
/** How many of the nodes around an error are looked at. */
const DEEPEST = 50;

/** Tells of the errors of a text, in their order, which of them Python would find too. */
export class ErrorFilter {
  private readonly text: string;
  private inStepFrom = 0;

  constructor(text: string) {
    this.text = text;
  }

  isError(node: SyntaxNode): boolean {
    if (isGap(node, this.text)) this.inStepFrom = node.to + AFTERMATH;
    return node.from >= this.inStepFrom;
  }
}

function isGap(error: SyntaxNode, text: string): boolean {
  // `*args` in a subscript or as a target, and template strings (PEP 750).
  if (/^\s*[*"']/.test(text.slice(error.from, error.from + 20))) return true;
  let node = error.parent;
  for (let steps = 0; node && steps < DEEPEST && node.name !== 'Body'; steps++) {
    if (GAPPED.has(node.name)) return true;
    node = node.parent;
  }
  return false;
}
