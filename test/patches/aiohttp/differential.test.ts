/** Sends some eighty requests and opens twenty WebSockets with upstream's aiohttp and with the patched one. */
import { describe } from 'vitest';
import { compareClients } from '../differential/compare.ts';
import * as onNode from './what-fetch-forbids.ts';
import * as onWorkerd from './what-workerd-forbids.ts';
import { AIOHTTP, aiohttpOnEmscripten } from './wheels.ts';

describe.each([
  { host: 'pyodide', differences: onNode } as const,
  { host: 'workerd', differences: onWorkerd } as const,
])('patched in $host', ({ host, differences }) => {
  compareClients({
    client: 'aiohttp',
    host,
    sources: ['differential.py', 'steps.py', 'conversations.py', '../differential/plain_steps.py'].map(
      (name) => new URL(name, import.meta.url),
    ),
    upstream: async () => [AIOHTTP],
    patched: aiohttpOnEmscripten,
    ...differences,
    atLeast: { arrivals: 100, views: 90 },
  });
});
