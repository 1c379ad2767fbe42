import { startBareWorker } from './bare-worker.ts';
import { load } from './load.ts';
import { startRegistryPages } from './registry-pages.ts';
import { line, type Report, ratio } from './report.ts';
import { bestRates, medianRatio } from './rounds.ts';

const ROUNDS = 12;
const SECONDS = 1;
/** As many as a project may ask for. */
const PAGES = 40;
/** What pip sends, without the details of its machine. */
const PIP_HEADERS = {
  accept:
    'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01',
  'accept-encoding': 'gzip, deflate',
  'cache-control': 'max-age=0',
  'user-agent': 'pip/25.3',
};

/** Pages of packages of one file each, asked for as pip asks, beside a Worker that sends one from a constant. */
export async function benchSimple(report: Report): Promise<void> {
  const own = await startRegistryPages(PAGES, PIP_HEADERS);
  const stops = [own.stop];
  try {
    const all = await bestRates({ ours: () => load(own.url, own.paths, SECONDS, PIP_HEADERS) }, 3);
    line(`${PAGES} pages of one file each in turn, asked for as pip asks: ${all.ours.toFixed(0)}/s`);

    const [path] = own.paths;
    const page = await fetch(new URL(path!, own.url), { headers: PIP_HEADERS });
    const { headers } = page;
    const sent = [...headers].filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding');
    const constant = await startBareWorker(`
      const headers = new Headers(${JSON.stringify(sent)});
      const body = ${JSON.stringify(await page.text())};
      export default { fetch: () => new Response(body, { headers }) };`);
    stops.push(constant.stop);
    const unchanged = await startBareWorker(`
      const headers = new Headers(${JSON.stringify(sent)});
      export default { fetch: () => new Response(null, { status: 304, headers }) };`);
    stops.push(unchanged.stop);
    const conditional = { ...PIP_HEADERS, 'if-none-match': headers.get('etag')! };
    const pages = await medianRatio(
      () => load(constant.url, ['/'], SECONDS, PIP_HEADERS),
      () => load(own.url, [path!], SECONDS, PIP_HEADERS),
      ROUNDS,
    );
    const answers304 = await medianRatio(
      () => load(unchanged.url, ['/'], SECONDS, conditional),
      () => load(own.url, [path!], SECONDS, conditional),
      ROUNDS,
    );
    line('a Worker that sends the same headers and bytes from a constant, in turn with ours; medians:');
    line(`a page ${pages.first.toFixed(0)}/s, ours ${pages.second.toFixed(0)}/s;`);
    line(`a 304 ${answers304.first.toFixed(0)}/s, ours ${answers304.second.toFixed(0)}/s`);
    report(ratio('a page of the index : the same from a constant', pages.ratio, 0.85));
    report(ratio('a 304 for a page of the index : a constant 304', answers304.ratio, 0.85));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
