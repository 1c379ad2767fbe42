/** The room that the files of a closure leave in a Worker. */
import type { ClosureTotals, Delivery } from '../answer.ts';

/**
 * The most that all modules of a Worker may have together, uncompressed, on every plan, from 2026-09-04 on:
 * https://developers.cloudflare.com/changelog/post/2026-09-04-increased-worker-size-limit/
 */
export const LARGEST_WORKER = 64 * 1024 * 1024;

/** The room that is left in a Worker with these packages, in words; null if that is not known, if there are none, or if workerd has them. */
export function roomText(
  { packages, left_at_most: left }: Pick<ClosureTotals, 'packages' | 'left_at_most'>,
  { by }: Delivery,
  bytes: (size: number) => string,
): string | null {
  if (packages === 0 || left === null || by === 'workerd') return null;
  const limit = `${bytes(LARGEST_WORKER)} (64 MiB)`;
  const isOne = packages === 1;
  if (left < 0) return `${isOne ? 'It is' : 'They are'} more than the ${limit} that a Worker may have.`;
  return `A Worker that includes ${isOne ? 'it' : 'them'} has at most ${bytes(left)} left of its ${limit}.`;
}

/** Bytes in decimal units. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
