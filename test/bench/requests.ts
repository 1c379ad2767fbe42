import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { startBareWorker } from './bare-worker.ts';
import { load } from './load.ts';
import { line, type Report, ratio } from './report.ts';
import { bestRates, medianRatio } from './rounds.ts';

const ROUNDS = 20;
const SECONDS = 1;
const AS_OF = '2026-11-20';
const ROOTS = ['fastapi', 'aiohttp', 'langchain', 'numpy'];
/** In the sets of all dates. */
const OTHERS = [
  ...[
    'aiohttp',
    'beautifulsoup4',
    'cffi',
    'cryptography',
    'distro',
    'fastapi',
    'httpx',
    'jinja2',
    'langchain',
  ],
  ...['openai', 'packaging', 'pydantic', 'pyparsing', 'pyyaml', 'regex', 'requests', 'setuptools', 'six'],
  ...['sqlalchemy', 'tblib', 'tiktoken', 'urllib3', 'yarl', 'zstandard'],
];

/** `GET /v1/resolve` against a bare Hono Worker that returns the same bytes from a constant, both on workerd. */
export async function benchRequests(report: Report): Promise<void> {
  const registry = await startLocalRegistry({ onProgress: () => {} });
  const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const repeated = `/v1/resolve?${queryOf(ROOTS, '2026-08-01')}`;
  const audit = repeated.replace('resolve', 'audit');
  const [answer, audited] = await Promise.all(
    [repeated, audit].map(async (path) => (await fetch(new URL(path, direct))).text()),
  );
  const bare = await startBareWorker(`
    import { Hono } from 'hono';
    const bodies = { '/': ${JSON.stringify(answer)}, '/audit': ${JSON.stringify(audited)} };
    const headers = { 'content-type': 'application/json' };
    export default new Hono().get('*', (c) => c.body(bodies[c.req.path], 200, headers));`);
  const unseen = newQuestions();
  const others = otherQuestions();
  try {
    line(
      `an answer of ${JSON.parse(answer!).packages.length} packages, ${(answer!.length / 1000).toFixed(1)} kB;`,
    );
    line(
      `medians of ${ROUNDS} rounds of ${SECONDS} s each, on the Workers' own sockets, one after the other`,
    );
    await load(direct, [repeated], SECONDS);
    // The health itself reads the table of files once.
    await operationsOf(direct);
    const before = await operationsOf(direct);
    const sizes = { requests: 0, bytes: 0 };
    const ofBare = () => load(bare.url, ['/'], SECONDS);
    const again = await medianRatio(ofBare, () => load(direct, [repeated], SECONDS), ROUNDS);
    const audits = await medianRatio(
      () => load(bare.url, ['/audit'], SECONDS),
      () => load(direct, [audit], SECONDS),
      ROUNDS,
    );
    const allNew = await medianRatio(
      ofBare,
      async () => {
        const fresh = await load(direct, unseen.take(40_000), SECONDS);
        sizes.requests += fresh.requests;
        sizes.bytes += fresh.bytes;
        return fresh;
      },
      ROUNDS,
    );
    const after = await operationsOf(direct);
    const ofOthers = await bestRates({ others: () => load(direct, others.take(40_000), SECONDS) }, 3);
    const size = sizes.bytes / sizes.requests / 1000;
    line(`bare Hono Worker ${again.first.toFixed(0)}/s; repeated ${again.second.toFixed(0)}/s;`);
    line(`bare Hono Worker ${allNew.first.toFixed(0)}/s; all new ${allNew.second.toFixed(0)}/s`);
    line(`(responses of ${size.toFixed(1)} kB on average);`);
    line(`all new, each of other packages ${ofOthers.others.toFixed(0)}/s`);
    report(ratio('GET /v1/resolve, one question again and again : bare', again.ratio, 0.9));
    report(ratio('GET /v1/audit, one question again and again : bare', audits.ratio, 0.9));
    report(ratio('GET /v1/resolve, every question new : bare', allNew.ratio, 0.45));
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

export async function operationsOf(
  registry: URL,
): Promise<{ d1: number; r2: number; revision_checks: number }> {
  const response = await fetch(new URL('/healthz', registry));
  return ((await response.json()) as { operations: { d1: number; r2: number; revision_checks: number } })
    .operations;
}

function queryOf(requirements: readonly string[], date: string): string {
  const named = requirements.map((requirement) => `&requirement=${encodeURIComponent(requirement)}`).join('');
  return `date=${date}&flag=python_workers&as_of=${AS_OF}${named}`;
}

/** Questions that are new: the same packages for another date, each with another specifier. */
export const newQuestions = (roots: readonly string[] = ROOTS) => numbered(() => roots);

/** The same, but also of other packages, so that their closures are new, too. */
const otherQuestions = () =>
  numbered((at) => [
    ...new Set(
      [1, OTHERS.length, OTHERS.length ** 2].map((unit) => OTHERS[Math.floor(at / unit) % OTHERS.length]!),
    ),
    'numpy',
  ]);

function numbered(rootsOf: (at: number) => readonly string[]) {
  let asked = 0;
  const question = (at: number) => {
    const day = new Date(Date.UTC(2025, 9, 1) + (at % 300) * 86_400_000).toISOString().slice(0, 10);
    const [last, ...others] = rootsOf(at).toReversed();
    return `/v1/resolve?${queryOf([...others, `${last}>=0.${at}`], day)}`;
  };
  return { take: (count: number) => Array.from({ length: count }, () => question(asked++)) };
}
