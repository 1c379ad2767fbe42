/** The same requests by upstream on CPython and by the patched wheel in Pyodide, to the same server. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../hosts.ts';
import { wheels } from '../python-packages.ts';
import { startServer, type TestServer } from '../server.ts';
import { type Arrived, arrivals, type Difference, type View, views } from './what-fetch-forbids.ts';
import { HTTPX, IDNA, patchedHttpx } from './wheels.ts';

interface Run {
  arrivals: Arrived[];
  views: View[];
}

let upstream: Run;
let patched: Run;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  upstream = await record('cpython', [HTTPX]);
  patched = await record('pyodide', [await patchedHttpx(), ...(await wheels([IDNA]))]);
});
afterAll(() => server.close());

async function record(host: 'cpython' | 'pyodide', packages: string[]): Promise<Run> {
  server.arrivals.length = 0;
  const { result, printed } = await run<View[]>(host, {
    server,
    sources: [fileURLToPath(new URL('differential.py', import.meta.url))],
    module: 'differential',
    function: 'compare',
    arguments: { origin: server.origin, other: server.other },
    wheels: packages,
  });
  expect(printed).toBe('');
  const arrived = server.arrivals.map(({ body, ...rest }) => ({ ...rest, body: body.toString('base64') }));
  return { arrivals: arrived, views: result };
}

const level = <Record>(records: Record[], differences: Difference<Record>[]): Record[] =>
  differences.reduce((all, difference) => all.map(difference.level), records);

describe('what the server saw', () => {
  test('is equal but for what is listed', () => {
    expect(upstream.arrivals.length).toBeGreaterThan(60);
    expect(level(patched.arrivals, arrivals)).toEqual(level(upstream.arrivals, arrivals));
  });

  test.each(arrivals)('differs in: $what', ({ what }) => {
    const others = arrivals.filter((difference) => difference.what !== what);
    expect(level(patched.arrivals, others)).not.toEqual(level(upstream.arrivals, others));
  });
});

describe('what the client shows', () => {
  test('is equal but for what is listed', () => {
    expect(upstream.views.length).toBeGreaterThan(50);
    expect(level(patched.views, views)).toEqual(level(upstream.views, views));
  });

  test.each(views)('differs in: $what', ({ what }) => {
    const others = views.filter((difference) => difference.what !== what);
    expect(level(patched.views, others)).not.toEqual(level(upstream.views, others));
  });
});
