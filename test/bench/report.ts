/** One measurement with its goal. */
export interface Comparison {
  what: string;
  figure: string;
  goal: string;
  met: boolean;
}

export type Report = (comparison: Comparison) => void;

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** A ratio that is to be `goal` or more. */
export function ratio(what: string, value: number, goal: number): Comparison {
  return { what, figure: value.toFixed(2), goal: `${goal.toFixed(2)} or more`, met: value >= goal };
}

/** A number that is to be `goal` or less, as `shown` writes both; `beside` is what the figure says more. */
export function atMost(
  what: string,
  value: number,
  goal: number,
  shown: (number: number) => string = String,
  beside = '',
): Comparison {
  return { what, figure: shown(value) + beside, goal: `${shown(goal)} or less`, met: value <= goal };
}

export function line(text: string): void {
  console.log(`          ${text}`);
}
