import { type PartialParse, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { CountedText } from './counted-text.ts';

/** How many steps of a parse may go into what is no Python: each takes many times as long as others. */
const MOST_HARDSHIP = 10_000;
/** The length of the parser's stack, three for each level, soon beyond which it gives up parts of the tree. */
const DEEPEST_STACK = 8_000;
/** How much the parser takes, of its own counting, before it gives up parts of the tree: somewhat less than that. */
const MOST_BIG_REDUCTIONS = 250;
/** How deep sums and chains of calls may be, of the same counting: a thousand calls, or two thousand sums. */
const DEEPEST_CHAIN = 4_000;
/** From here on the parser's trees have leaves of types that do not exist, and whoever meets one throws. */
const DEEPEST_TREE = 2_500;

/** What shows of a parse that it is in trouble; the parser says it no other way. */
interface Progress {
  recovering?: number;
  stacks?: readonly { stack: readonly number[]; context?: { flags?: number } | null }[];
  /**
   * By which the parser tells how deep a chain is; it takes comments and empty lines for more of it, and breaks off
   * whatever it is in, be it a class.
   */
  bigReductionCount?: number;
}

/** The syntax tree of a text, errors and all; null where it is hopeless. */
export function parsePython(text: string): Tree | null {
  const input = new CountedText(text);
  const parse: PartialParse & Progress = parser.startParse(input);
  let hardship = 0;
  let chain = 0;
  try {
    for (;;) {
      const tree = parse.advance();
      if (tree) return isDeeper(tree, DEEPEST_TREE) ? null : tree;
      if (parse.recovering && ++hardship > MOST_HARDSHIP) return null;
      if ((parse.stacks?.[0]?.stack.length ?? 0) > DEEPEST_STACK || input.isExhausted) return null;
      if ((parse.bigReductionCount ?? 0) > MOST_BIG_REDUCTIONS) {
        chain = isBetweenStatements(parse, text) ? 0 : chain + MOST_BIG_REDUCTIONS;
        if (chain < DEEPEST_CHAIN) parse.bigReductionCount = 0;
      }
    }
  } catch (error) {
    // The parser recurses through what is nested; Python has a limit for that, too.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** At the start of a line that goes on with nothing: no bracket is open, and none is continued by a backslash. */
function isBetweenStatements({ parsedPos, stacks }: PartialParse & Progress, text: string): boolean {
  const flags = stacks?.[0]?.context?.flags;
  return flags === 0 && text[parsedPos - 1] === '\n' && text[parsedPos - 2] !== '\\';
}

function isDeeper(tree: Tree, limit: number): boolean {
  let level: readonly Tree[] = [tree];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap(({ children }) => children.filter((child) => child instanceof Tree));
  }
  return false;
}
