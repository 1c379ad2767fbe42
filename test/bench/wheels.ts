import { createHash, randomBytes } from 'node:crypto';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { file, startUpstream } from '../clients/upstream.ts';
import { packageSetOf } from '../test-set.ts';
import { makeWheel } from '../zip.ts';
import { startBareWorker } from './bare-worker.ts';
import { load, served } from './load.ts';
import { line, median, type Report, ratio } from './report.ts';

const ROUNDS = 5;
const SECONDS = 2;
const FILENAME = 'bench-1.0-py3-none-any.whl';

/** A wheel of 5 MB from R2, and a 304 for it, beside a bare Hono Worker that sends as much from a constant. */
export async function benchWheels(report: Report): Promise<void> {
  const wheel = makeWheel('bench', '1.0', randomBytes(5_000_000));
  const sha256 = createHash('sha256').update(wheel).digest('hex');
  const path = `/wheels/${sha256}/${FILENAME}`;
  const upstream = await startUpstream();
  upstream.at.set('/wheel', file(wheel));
  const set = packageSetOf([{ filename: FILENAME, sha256, url: `${upstream.origin}/wheel` }]);
  const registry = await startLocalRegistry({ documents: [{ document: set, published: set.released }] });
  const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const bare = await startBareWorker(`
    import { Hono } from 'hono';
    const body = new Uint8Array(${wheel.length});
    const headers = { 'content-type': 'application/octet-stream', etag: '"bare"' };
    export default new Hono()
      .get('/', (c) => c.body(body, 200, headers))
      .get('/304', (c) => c.body(null, 304, headers));`);
  try {
    const servers = {
      bareWheel: () => served(load(bare.url, ['/'], SECONDS)),
      wheel: () => served(load(direct, [path], SECONDS)),
      bare304: () => served(load(bare.url, ['/304'], SECONDS, { 'if-none-match': '"bare"' })),
      own304: () => served(load(direct, [path], SECONDS, { 'if-none-match': `"${sha256}"` })),
    };
    const names = Object.keys(servers) as (keyof typeof servers)[];
    const rates = { bareWheel: [], wheel: [], bare304: [], own304: [] } as Record<string, number[]>;
    for (const name of names) await servers[name]();
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) rates[name]!.push((await servers[name]()).rate);
    }
    const [bareWheel, own, bare304, own304] = names.map((name) => median(rates[name]!)) as [
      number,
      number,
      number,
      number,
    ];
    const speed = (rate: number) => `${((rate * wheel.length) / 1e6).toFixed(0)} MB/s`;
    line(`median of ${ROUNDS} rounds of ${SECONDS} s each, on the Workers' own sockets, one after the other`);
    line(
      `a wheel of ${(wheel.length / 1e6).toFixed(1)} MB: ${speed(own)} from R2, ${speed(bareWheel)} bare;`,
    );
    line(
      `304: ${own304.toFixed(0)}/s, ${bare304.toFixed(0)}/s bare; upstream asked ${upstream.requests.length} time`,
    );
    report(ratio('a wheel of 5 MB from R2 : the same size from a constant', own / bareWheel, 0.5));
    report(ratio('a 304 for a wheel : a bare 304', own304 / bare304, 0.8));
  } finally {
    await registry.stop();
    await bare.stop();
    await upstream.stop();
  }
}
