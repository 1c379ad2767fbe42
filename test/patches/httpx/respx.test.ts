/** The respx package, which imports httpcore: upstream's httpx brings it, the patched one leaves it to who needs it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksIn, titles } from '../checks.ts';
import { type Host, type Outcome, type Outcomes, run, traits } from '../hosts.ts';
import { NEWEST } from '../pyodide-releases.ts';
import { wheels } from '../python-packages.ts';
import { startServer, type TestServer } from '../server.ts';
import { HTTPX, IDNA, patchedHttpx } from './wheels.ts';

const RESPX = 'respx==0.23.1';
const HTTPCORE = ['httpcore==1.0.9', 'h11==0.16.0', 'certifi==2026.7.22'];
const checks = checksIn(import.meta.url, /^respx_checks\.py$/);
/** The first whose ssl, which httpcore imports, is part of Python. */
const pyodide = NEWEST;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe.each<[name: string, host: Host]>([
  ['upstream on CPython', 'cpython'],
  ['patched in Pyodide', 'pyodide'],
])('%s', (_, host) => {
  let outcome: Outcome<Outcomes>;
  beforeAll(async () => {
    const packages =
      host === 'cpython'
        ? [HTTPX, RESPX]
        : [await patchedHttpx(), ...(await wheels([IDNA, RESPX, ...HTTPCORE]))];
    outcome = await run(host, { server, ...checks, wheels: packages, pyodide });
  });

  test.each(titles(checks, traits[host]))('%s', (title) => {
    expect(outcome.result[title]).toBeNull();
  });

  test('nothing was printed', () => {
    expect(outcome.printed).toBe('');
  });
});
