/** The clock of the Worker under test. */
import { vi } from 'vitest';

const DAY_MS = 86_400_000;
const NOON = (Math.floor(Date.now() / DAY_MS) + 1.5) * DAY_MS;

/** Stops it at noon: near the end of a day, the headers of answers change with every second. */
export function atNoon(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
}

/** Advances it. */
export function timePasses(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}
