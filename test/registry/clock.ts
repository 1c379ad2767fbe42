/** The clock of the Worker under test. */
import { vi } from 'vitest';

const DAY_MS = 86_400_000;
const NOON = (Math.floor(Date.now() / DAY_MS) + 1.5) * DAY_MS;

/** Makes it noon, and stay so: near the end of a day, the headers of an answer change with every second. */
export function atNoon(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
}

/** Puts it forward. */
export function timePasses(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}
