/**
 * Patched clients in Pyodide against plain fetch from JavaScript, in one process of Node, and what they leave behind.
 */
import { aiohttpOnEmscripten } from '../patches/aiohttp/wheels.ts';
import type { Measured, Timed } from '../patches/bench-host.ts';
import { runScript } from '../patches/hosts.ts';
import { httpxOnEmscripten } from '../patches/httpx/wheels.ts';
import { startServer } from '../patches/server.ts';
import { atMost, line, type Report } from './report.ts';

const REQUESTS = 200;
const BYTES = 20_000_000;
/** Times as long as plain fetch. */
const GOALS = {
  httpx: { small: 8, stream: 3 },
  // With multidict, yarl, frozenlist and propcache as plain Python, as their compiled wheels are not on npm.
  aiohttp: { small: 10, stream: 3 },
} as const;

export async function benchPatches(report: Report): Promise<void> {
  const server = await startServer();
  try {
    const { result } = await runScript<Measured>('bench-host.ts', {
      wheels: [...(await httpxOnEmscripten()), ...(await aiohttpOnEmscripten())],
      clients: Object.keys(GOALS),
      origin: server.origin,
      requests: REQUESTS,
      bytes: BYTES,
    });
    line(`${REQUESTS} small requests: ${milliseconds(result.small)}`);
    line(`a stream of 20 MB: ${milliseconds(result.stream)}`);
    for (const [name, goals] of Object.entries(GOALS)) {
      const ratio = (what: string, { clients }: Timed, goal: number) =>
        report(
          atMost(
            `${what} by ${name}, against plain fetch`,
            clients[name]!.ratio,
            goal,
            (of) => `${of.toFixed(2)} ×`,
          ),
        );
      ratio(`${REQUESTS} small requests`, result.small, goals.small);
      ratio('a stream of 20 MB', result.stream, goals.stream);
      const { before, after } = result.live[name]!;
      const growth = after.map((count, index) => count - before[index]!);
      report({
        what: `live proxies more after 1,000 requests by ${name} (of Python, of JavaScript)`,
        figure: growth.join(', '),
        goal: '0 or less',
        met: growth.every((more) => more <= 0),
      });
    }
  } finally {
    await server.close();
  }
}

function milliseconds({ fetch, clients }: Timed): string {
  const each = Object.entries(clients).map(([name, { time }]) => `, ${name} ${time.toFixed(0)} ms`);
  return `fetch ${fetch.toFixed(0)} ms${each.join('')}`;
}
