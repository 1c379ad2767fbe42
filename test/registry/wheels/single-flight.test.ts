import { afterEach, describe, expect, test, vi } from 'vitest';
import { StorageUnavailableError } from '../../../registry/storage/operations.ts';
import { SingleFlight } from '../../../registry/wheels/single-flight.ts';

const waitUntil = () => {};
afterEach(() => void vi.useRealTimers());

describe('flights', () => {
  test('of one key are taken once, and all get the outcome', async () => {
    const flights = new SingleFlight<number>(8, 10_000);
    const gate = Promise.withResolvers<number>();
    let done = 0;
    const work = () => {
      done++;
      return gate.promise;
    };
    const all = Array.from({ length: 20 }, () => flights.take('a', waitUntil, work));
    gate.resolve(7);
    expect(await Promise.all(all)).toEqual(Array(20).fill(7));
    expect(done).toBe(1);
    expect(await flights.take('a', waitUntil, async () => 8)).toBe(8);
  });

  test('of several keys do not wait for each other', async () => {
    const flights = new SingleFlight<string>(8, 10_000);
    const never = flights.take('a', waitUntil, () => new Promise(() => {}));
    expect(await flights.take('b', waitUntil, async () => 'b')).toBe('b');
    expect(await Promise.race([never, 'still waiting'])).toBe('still waiting');
  });

  test('that fail, fail for all, and the next one tries again', async () => {
    const flights = new SingleFlight<string>(8, 10_000);
    const gate = Promise.withResolvers<string>();
    const all = Array.from({ length: 3 }, () => flights.take('a', waitUntil, () => gate.promise));
    gate.reject(new Error('no luck'));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual(
      Array(3).fill('no luck'),
    );
    expect(await flights.take('a', waitUntil, async () => 'better')).toBe('better');
  });

  test('of a request that died pass to one of those that wait', async () => {
    vi.useFakeTimers();
    const flights = new SingleFlight<string>(8, 400);
    void flights.take('a', waitUntil, () => new Promise(() => {}));
    let done = 0;
    const work = async () => {
      done++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 'revived';
    };
    // They started to wait later, so they are still waiting when it expires.
    await vi.advanceTimersByTimeAsync(300);
    const waiting = [flights.take('a', waitUntil, work), flights.take('a', waitUntil, work)];
    await vi.advanceTimersByTimeAsync(300);
    expect(await Promise.all(waiting)).toEqual(['revived', 'revived']);
    expect(done).toBe(1);
  });

  test('beyond the limit wait for a limited time', async () => {
    const flights = new SingleFlight<string>(2, 100);
    const gate = Promise.withResolvers<string>();
    const first = flights.take('a', waitUntil, () => gate.promise);
    const second = flights.take('b', waitUntil, async () => 'b');
    const third = flights.take('c', waitUntil, async () => 'c');
    expect(await Promise.all([second, third])).toEqual(['b', 'c']);
    gate.resolve('a');
    expect(await first).toBe('a');

    const full = new SingleFlight<string>(0, 50);
    await expect(full.take('d', waitUntil, async () => 'd')).rejects.toThrow(StorageUnavailableError);
  });
});
