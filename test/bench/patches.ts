/** Patched httpx in Pyodide against plain fetch from JavaScript, in one process of Node, and what it leaves behind. */
import type { Measured } from '../patches/bench-host.ts';
import { runScript } from '../patches/hosts.ts';
import { IDNA, patchedHttpx } from '../patches/httpx/wheels.ts';
import { wheels } from '../patches/python-packages.ts';
import { startServer } from '../patches/server.ts';
import { line, type Report } from './report.ts';

const REQUESTS = 200;
const BYTES = 20_000_000;
/** Times as long as plain fetch. */
const SMALL_GOAL = 8;
const STREAM_GOAL = 3;

export async function benchPatches(report: Report): Promise<void> {
  const server = await startServer();
  try {
    const { result } = await runScript<Measured>('bench-host.ts', {
      wheels: [await patchedHttpx(), ...(await wheels([IDNA]))],
      origin: server.origin,
      requests: REQUESTS,
      bytes: BYTES,
    });
    const { small, stream, live } = result;
    line(
      `${REQUESTS} small requests: fetch ${small.fetch.toFixed(0)} ms, httpx ${small.httpx.toFixed(0)} ms`,
    );
    line(`a stream of 20 MB: fetch ${stream.fetch.toFixed(0)} ms, httpx ${stream.httpx.toFixed(0)} ms`);
    const ratio = (what: string, { fetch, httpx }: Measured['small'], goal: number) =>
      report({
        what,
        figure: `${(httpx / fetch).toFixed(2)} ×`,
        goal: `${goal} × or less`,
        met: httpx <= goal * fetch,
      });
    ratio(`${REQUESTS} small requests by httpx, against plain fetch`, small, SMALL_GOAL);
    ratio('a stream of 20 MB by httpx, against plain fetch', stream, STREAM_GOAL);
    const growth = live.after.map((count, index) => count - live.before[index]!);
    report({
      what: 'live proxies more after 1,000 requests (of Python, of JavaScript)',
      figure: growth.join(', '),
      goal: '0 or less',
      met: growth.every((count) => count <= 0),
    });
  } finally {
    await server.close();
  }
}
