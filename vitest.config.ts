import { availableParallelism } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { generateNoteKey } from './resolver/log/note.ts';
import { buildWorkerTexts } from './scripts/worker-texts.ts';
import { LongestFirst } from './test/longest-first.ts';
import { WhatNext } from './test/what-next.ts';

// The Worker carries them as text.
await buildWorkerTexts();
const { signing: LOG_KEY } = await generateNoteKey('pinwheel.test/log');

/** Of the registry, what needs no workerd. */
const PURE = [
  'api/render',
  'http/form',
  'http/question',
  'simple/form',
  'simple/requires-python',
  'wheels/address',
  'wheels/range',
  'wheels/single-flight',
].map((name) => `test/registry/${name}.test.ts`);

/** Every page, form and picture in Chromium. */
const PAGES = 'test/browser/pages.test.ts';

/** What operators run: deployments, backups, imports, tokens, publications, and registries seeded, killed, replaced. */
const OPERATOR = [
  'cli/log-replaced',
  'cli/publish',
  'package/clone',
  'scripts/access',
  'scripts/backup',
  'scripts/commands',
  'scripts/killed',
  'scripts/seed',
  'scripts/start',
  'scripts/deploy/deploy',
  'scripts/import/standard-library',
  'scripts/import/update',
].map((name) => `test/${name}.test.ts`);

/** The commands that take the most from registries: every wheel of a set, and whole logs. */
const COMMANDS_OF_CLIENTS = ['log', 'vendor-registry'].map((name) => `test/cli/${name}.test.ts`);

/** A fault of every kind at every step of a publication: as long as a third of the registry's other tests. */
const FAULTS = 'test/registry/failures-everywhere.test.ts';

/** Nobody waits for as long, unless something hangs: on a machine under load all takes several times as long. */
const LIMITS = { testTimeout: 300_000, hookTimeout: 600_000, expect: { poll: { timeout: 60_000 } } };

/** With real D1 and R2. */
const registryInWorkerd = () =>
  cloudflareTest(async () => ({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        MIGRATIONS: await readD1Migrations('registry/storage/migrations'),
        PUBLIC_URL: 'https://pinwheel.test',
        // Signs nothing but the logs of these tests.
        LOG_KEY,
      },
      // Requests that name no address, as all others here, are not counted.
      ratelimits: { RATE_LIMITER: { namespace_id: '1', simple: { limit: 5, period: 60 } } },
    },
  }));

const IN_WORKERD = {
  // To start one takes longer than most files; test/registry/setup.ts cleans up between them.
  isolate: false,
  setupFiles: ['test/registry/setup.ts'],
  ...LIMITS,
};

/** Tests of the registry run inside workerd, with real D1 and R2; all others in Node. What takes minutes runs apart. */
export default defineConfig({
  test: {
    // One more than there are cores, because tests also wait: for processes that start, and for files.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new WhatNext()],
    projects: [
      {
        test: {
          name: 'node',
          globalSetup: ['test/common/setup.ts'],
          include: ['test/{browser,cli,conformance,fuzz,package,scripts}/**/*.test.ts'],
          exclude: [PAGES, ...OPERATOR, ...COMMANDS_OF_CLIENTS],
          ...LIMITS,
        },
      },
      {
        test: {
          // Each starts several registries or whole commands: a minute or two, and a command of its own.
          name: 'operator',
          globalSetup: ['test/common/setup.ts'],
          include: OPERATOR,
          ...LIMITS,
        },
      },
      {
        test: {
          // Functions without state: to import them anew for each file takes longer than their tests.
          name: 'pure',
          include: ['test/{pages,resolver}/**/*.test.ts', ...PURE],
          isolate: false,
          ...LIMITS,
        },
      },
      {
        test: {
          // Chromium draws each page wide and narrow, light and dark: a minute, and a command of its own.
          name: 'pages',
          globalSetup: ['test/common/setup.ts'],
          include: [PAGES],
          ...LIMITS,
        },
      },
      {
        test: {
          // Real pips, real Pyodides, wheels of 100 MB: minutes, and a command of their own.
          name: 'clients',
          globalSetup: ['test/common/setup.ts'],
          include: ['test/clients/**/*.test.ts', ...COMMANDS_OF_CLIENTS],
          ...LIMITS,
        },
      },
      {
        test: {
          // Five Pyodides and two CPythons: minutes, and a command of their own.
          name: 'patches',
          include: ['test/patches/**/*.test.ts'],
          ...LIMITS,
        },
      },
      {
        test: {
          // Workers that include their own Python, built and served: minutes, and a command of their own.
          name: 'runtime',
          globalSetup: ['test/common/setup.ts'],
          include: ['test/runtime/**/*.test.ts'],
          ...LIMITS,
        },
      },
      {
        plugins: [registryInWorkerd()],
        test: {
          name: 'workerd',
          include: ['test/registry/**/*.test.ts'],
          exclude: [...PURE, FAULTS],
          // Several at once take twice the CPU time: each starts, fetches all modules and seeds. vitest runs what has
          // another number of workers in another group, after the first; `npm test` runs both beside each other.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...IN_WORKERD,
        },
      },
      {
        plugins: [registryInWorkerd()],
        test: { name: 'operator-workerd', include: [FAULTS], ...IN_WORKERD },
      },
    ],
  },
});
