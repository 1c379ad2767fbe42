/** Sends some sixty requests with upstream's httpx and with the patched one. */
import { describe } from 'vitest';
import { compareClients } from '../differential/compare.ts';
import * as onNode from './what-fetch-forbids.ts';
import * as onWorkerd from './what-workerd-forbids.ts';
import { HTTPX, httpxOnEmscripten } from './wheels.ts';

describe.each([
  { host: 'pyodide', differences: onNode } as const,
  { host: 'workerd', differences: onWorkerd } as const,
])('patched in $host', ({ host, differences }) => {
  compareClients({
    client: 'httpx',
    host,
    sources: ['differential.py', '../differential/plain_steps.py'].map(
      (name) => new URL(name, import.meta.url),
    ),
    upstream: async () => [HTTPX],
    patched: httpxOnEmscripten,
    ...differences,
    atLeast: { arrivals: 61, views: 51 },
  });
});
