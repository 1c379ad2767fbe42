import { test } from 'vitest';

/** For a variant of what another test shows, or a long way of which each step has a test: `npm run test:all` runs it. */
export const onlyInAll = test.runIf(process.env.TEST_ALL);
