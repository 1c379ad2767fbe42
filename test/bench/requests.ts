import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { startBareWorker } from './bare-worker.ts';
import { load, served } from './load.ts';
import { line, median, type Report, ratio } from './report.ts';

const ROUNDS = 5;
const SECONDS = 2;
const AS_OF = '2026-11-20';
const ROOTS = ['fastapi', 'aiohttp', 'langchain', 'numpy'];

/** `GET /v1/resolve` against a bare Hono Worker that returns the same bytes from a constant, both on workerd. */
export async function benchRequests(report: Report): Promise<void> {
  const registry = await startLocalRegistry({ onProgress: () => {} });
  const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const repeated = `/v1/resolve?${queryOf(ROOTS, '2026-08-01')}`;
  const answer = await (await fetch(new URL(repeated, direct))).text();
  const bare = await startBareWorker(`
    import { Hono } from 'hono';
    const body = ${JSON.stringify(answer)};
    export default new Hono().get('/', (c) => c.body(body, 200, { 'content-type': 'application/json' }));`);
  const unseen = newQuestions();
  try {
    line(
      `an answer of ${JSON.parse(answer).packages.length} packages, ${(answer.length / 1000).toFixed(1)} kB;`,
    );
    line(`median of ${ROUNDS} rounds of ${SECONDS} s each, on the Workers' own sockets, one after the other`);
    const rates: Record<'bare' | 'repeated' | 'unseen', number[]> = { bare: [], repeated: [], unseen: [] };
    await load(direct, [repeated], 1);
    await load(bare.url, ['/'], 1);
    const before = await operationsOf(direct);
    let sizes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      rates.bare.push((await served(load(bare.url, ['/'], SECONDS))).rate);
      rates.repeated.push((await served(load(direct, [repeated], SECONDS))).rate);
      const fresh = await served(load(direct, unseen.take(80_000), SECONDS));
      rates.unseen.push(fresh.rate);
      unseen.used(fresh.requests);
      sizes += fresh.bytes / fresh.requests / ROUNDS;
    }
    const after = await operationsOf(direct);
    const [bareRate, repeatedRate, unseenRate] = [rates.bare, rates.repeated, rates.unseen].map(median) as [
      number,
      number,
      number,
    ];
    line(`bare Hono Worker ${bareRate.toFixed(0)}/s; repeated ${repeatedRate.toFixed(0)}/s; all new`);
    line(`${unseenRate.toFixed(0)}/s (answers of ${(sizes / 1000).toFixed(1)} kB on average)`);
    report(ratio('GET /v1/resolve, one question again and again : bare', repeatedRate / bareRate, 0.8));
    report(ratio('GET /v1/resolve, every question new : bare', unseenRate / bareRate, 0.5));
    const reads = after.d1 + after.r2 - before.d1 - before.r2;
    report({
      what: 'D1 and R2 operations meanwhile, but for looks at the revision',
      figure: `${reads} (and ${after.revision_checks - before.revision_checks} looks)`,
      goal: '0',
      met: reads === 0,
    });
  } finally {
    await registry.stop();
    await bare.stop();
  }
}

async function operationsOf(registry: URL): Promise<{ d1: number; r2: number; revision_checks: number }> {
  const response = await fetch(new URL('/healthz', registry));
  return ((await response.json()) as { operations: { d1: number; r2: number; revision_checks: number } })
    .operations;
}

function queryOf(requirements: readonly string[], date: string): string {
  const named = requirements.map((requirement) => `&requirement=${encodeURIComponent(requirement)}`).join('');
  return `date=${date}&flag=python_workers&as_of=${AS_OF}${named}`;
}

/** Questions that nobody has asked before: the same packages under another date, with a specifier of its own. */
function newQuestions() {
  let asked = 0;
  const question = (at: number) => {
    const day = new Date(Date.UTC(2025, 9, 1) + (at % 300) * 86_400_000).toISOString().slice(0, 10);
    const [last, ...others] = ROOTS.toReversed();
    return `/v1/resolve?${queryOf([...others, `${last}>=0.${at}`], day)}`;
  };
  return {
    take: (count: number) => Array.from({ length: count }, (_, at) => question(asked + at)),
    used: (count: number) => {
      asked += count;
    },
  };
}
