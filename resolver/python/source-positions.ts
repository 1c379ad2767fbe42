import type { SourcePosition } from './import.ts';

/**
 * Lines and columns of offsets into a text whose lines end with `\n`. To ask in ascending order is quick, however
 * long the lines are.
 */
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
