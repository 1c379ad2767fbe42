/** What follows the tests of a file, since one process runs many files, one after another. */
import { afterAll, vi } from 'vitest';
import { endOwn } from './own.ts';

// Comes after the file's own hooks, which are declared later.
afterAll(async () => {
  await endOwn();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
