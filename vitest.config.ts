import { availableParallelism } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { generateNoteKey } from './resolver/log/note.ts';
import { buildWorkerTexts } from './scripts/worker-texts.ts';
import { WhatNext } from './test/common/what-next.ts';

// The Worker carries them as text.
await buildWorkerTexts();
const { signing: LOG_KEY } = await generateNoteKey('pinwheel.test/log');

/** Nobody waits for as long, unless something hangs: on a machine under load all takes several times as long. */
const LIMITS = { testTimeout: 900_000, hookTimeout: 600_000, expect: { poll: { timeout: 600_000 } } };

/** With real D1 and R2. */
const registryInWorkerd = cloudflareTest(async () => ({
  wrangler: { configPath: './wrangler.toml' },
  miniflare: {
    bindings: {
      MIGRATIONS: await readD1Migrations('registry/storage/migrations'),
      PUBLIC_URL: 'https://pinwheel.test',
      // Signs nothing but the logs of these tests.
      LOG_KEY,
      UPSTREAM_HOSTS:
        'cdn.jsdelivr.net python-packages.edgeworker.net files.example.com cdn.example.com files.example',
      TEST_ALL: process.env.TEST_ALL ?? '',
    },
    // Requests that name no address, as all others here, are not counted.
    ratelimits: { RATE_LIMITER: { namespace_id: '1', simple: { limit: 5, period: 60 } } },
  },
}));

/**
 * vitest runs what has another number of workers in another group, after the first; `npm test` runs both beside each
 * other. As a plugin, because options such as `--sequence.shuffle` replace the `sequence` of a project.
 */
const afterOthers = { name: 'after-others', config: () => ({ test: { sequence: { groupOrder: 1 } } }) };

/** Folders are projects by where they run; scripts/test.ts says which folders have a command of their own. */
export default defineConfig({
  test: {
    // One more than there are cores, because tests also wait: for processes that start, and for files.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', new WhatNext()],
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'test/{browser,cli,clients,conformance,fuzz,operator,package,pages,patches,resolver,runtime,scripts}/**/*.test.ts',
          ],
          // To import the product anew for each file takes as long as the tests of many.
          isolate: false,
          globalSetup: ['test/common/setup.ts'],
          setupFiles: ['test/common/after-file.ts'],
          ...LIMITS,
        },
      },
      {
        plugins: [registryInWorkerd, afterOthers],
        test: {
          name: 'workerd',
          include: ['test/registry/**/*.test.ts'],
          // To start one takes longer than most files; test/registry/setup.ts cleans up between them.
          isolate: false,
          setupFiles: ['test/registry/setup.ts'],
          // Several at once take twice the CPU time: each starts, fetches all modules and seeds.
          maxWorkers: 1,
          ...LIMITS,
        },
      },
    ],
  },
});
