/**
 * Publishing with every kind of fault at every step: an error before or after the step, no response, a publisher that
 * dies, a repeated delivery. Readers see the state before or after it, and nothing between.
 */
import { afterAll, afterEach, vi } from 'vitest';
import { publishing } from './failures/publishing.ts';
import { FAULTS } from './failures/steps.ts';

afterEach(() => vi.restoreAllMocks());
// What was left hanging gives up after 3 s, and logs that.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 4_000)));
publishing(FAULTS, { byTwo: true });
