import type { PartialParse, Tree } from '@lezer/common';
import { parser } from '@lezer/python';

/** How many steps of a parse may go into what is no Python. */
const MOST_HARDSHIP = 10_000;
/** The length of the parser's stack from which on it gives up parts of the tree; three for each level. */
const DEEP = 8_000;

/** What shows of a parse that it is in trouble, where a step takes many times as long; the parser says it no other way. */
interface Progress {
  recovering?: number;
  stacks?: readonly { stack: readonly number[] }[];
}

/** The syntax tree of a text, errors and all; null where it is hopeless. */
export function parsePython(text: string): Tree | null {
  const parse: PartialParse & Progress = parser.startParse(text);
  let hardship = 0;
  try {
    for (;;) {
      const tree = parse.advance();
      if (tree) return tree;
      const inTrouble = parse.recovering || (parse.stacks?.[0]?.stack.length ?? 0) > DEEP;
      if (inTrouble && ++hardship > MOST_HARDSHIP) return null;
    }
  } catch (error) {
    // The parser recurses through what is nested; Python has a limit for that, too.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
