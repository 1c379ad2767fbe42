/** The openai package on httpx: with all it needs on CPython, with what of it is plain Python in Pyodide. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksIn, titles } from '../checks.ts';
import { type Host, type Outcome, type Outcomes, run, traits } from '../hosts.ts';
import { wheels } from '../python-packages.ts';
import { startServer, type TestServer } from '../server.ts';
import { HTTPX, IDNA, patchedHttpx } from './wheels.ts';

const OPENAI = 'openai==2.54.0';
const NEEDED = [
  'pydantic==2.13.5',
  'anyio==4.15.1',
  'distro==1.9.0',
  'sniffio==1.3.1',
  'tqdm==4.70.1',
  'typing-extensions==4.16.0',
];
const checks = checksIn(import.meta.url, /^openai_checks\.py$/);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe.each<[name: string, host: Host]>([
  ['upstream on CPython', 'cpython'],
  ['patched in Pyodide', 'pyodide'],
  ['patched in Pyodide without stack switching', 'pyodide without stack switching'],
])('%s', (_, host) => {
  let outcome: Outcome<Outcomes>;
  beforeAll(async () => {
    const packages =
      host === 'cpython'
        ? [HTTPX, OPENAI]
        : [await patchedHttpx(), ...(await wheels([IDNA, OPENAI, ...NEEDED]))];
    outcome = await run(host, { server, ...checks, wheels: packages });
  });

  test.each(titles(checks, traits[host]))('%s', (title) => {
    expect(outcome.result[title]).toBeNull();
  });

  test('nothing was printed', () => {
    expect(outcome.printed).toBe('');
  });
});
