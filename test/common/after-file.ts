/** Cleans up after the tests of a file, since one process runs many files, one after another. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, vi } from 'vitest';
import { endOwn } from './own.ts';

// A test that runs Pyodide keeps the process busy for seconds, after which servers have closed idle connections. fetch
// hears of it before it sends another request.
afterEach(() => setImmediate());

// Comes after the file's own hooks, which are declared later.
afterAll(async () => {
  await endOwn();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
