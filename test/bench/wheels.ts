import { createHash, randomBytes } from 'node:crypto';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { file, startUpstream } from '../clients/upstream.ts';
import { packageSetOf } from '../test-set.ts';
import { makeWheel } from '../zip.ts';
import { startBareWorker } from './bare-worker.ts';
import { load } from './load.ts';
import { line, type Report, ratio } from './report.ts';
import { bestRates } from './rounds.ts';

const ROUNDS = 12;
const SECONDS = 1;
const FILENAME = 'bench-1.0-py3-none-any.whl';

/** A wheel of 5 MB from R2, and a 304 for it, compared with a bare Hono Worker that sends as much from a constant. */
export async function benchWheels(report: Report): Promise<void> {
  const wheel = makeWheel('bench', '1.0', randomBytes(5_000_000));
  const sha256 = createHash('sha256').update(wheel).digest('hex');
  const path = `/wheels/${sha256}/${FILENAME}`;
  const upstream = await startUpstream();
  upstream.at.set('/wheel', file(wheel));
  const set = packageSetOf([{ filename: FILENAME, sha256, url: `${upstream.origin}/wheel` }]);
  const registry = await startLocalRegistry({
    documents: [{ document: set, day: set.released }],
    unchecked: true,
  });
  const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const bare = await startBareWorker(`
    import { Hono } from 'hono';
    const body = new Uint8Array(${wheel.length});
    const headers = { 'content-type': 'application/octet-stream', etag: '"bare"' };
    export default new Hono()
      .get('/', (c) => c.body(body, 200, headers))
      .get('/304', (c) => c.body(null, 304, headers));`);
  try {
    await expect304(new URL(path, direct), `"${sha256}"`);
    await expect304(new URL('/304', bare.url), '"bare"');
    const rates = await bestRates(
      {
        bareWheel: () => load(bare.url, ['/'], SECONDS),
        wheel: () => load(direct, [path], SECONDS),
        bare304: () => load(bare.url, ['/304'], SECONDS, { 'if-none-match': '"bare"' }),
        own304: () => load(direct, [path], SECONDS, { 'if-none-match': `"${sha256}"` }),
      },
      ROUNDS,
    );
    const speed = (rate: number) => `${((rate * wheel.length) / 1e6).toFixed(0)} MB/s`;
    const [size, from] = [(wheel.length / 1e6).toFixed(1), upstream.requests.length];
    line(`best of ${ROUNDS} rounds of ${SECONDS} s each, on the Workers' own sockets, one after the other`);
    line(`a wheel of ${size} MB: ${speed(rates.wheel)} from R2, ${speed(rates.bareWheel)} bare;`);
    line(
      `304: ${rates.own304.toFixed(0)}/s, ${rates.bare304.toFixed(0)}/s bare; upstream asked ${from} time`,
    );
    report(
      ratio('a wheel of 5 MB from R2 : the same size from a constant', rates.wheel / rates.bareWheel, 0.5),
    );
    report(ratio('a 304 for a wheel : a bare 304', rates.own304 / rates.bare304, 0.8));
  } finally {
    await registry.stop();
    await bare.stop();
    await upstream.stop();
  }
}

async function expect304(url: URL, etag: string): Promise<void> {
  const { status } = await fetch(url, { headers: { 'if-none-match': etag } });
  if (status !== 304) throw new Error(`${url} answers ${status} to a conditional request`);
}
