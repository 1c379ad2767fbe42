import { startBareWorker } from './bare-worker.ts';
import { load } from './load.ts';
import { startNginx } from './nginx.ts';
import { startRegistryPages } from './registry-pages.ts';
import { line, type Report, ratio } from './report.ts';
import { bestRates, medianRatio } from './rounds.ts';
import { installedPackages, NPM_HEADERS, startVerdaccio, VERDACCIO_VERSION } from './verdaccio.ts';

const ROUNDS = 12;
const SECONDS = 1;
const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
/** What pip sends, without the details of its machine. */
const PIP_HEADERS = {
  accept: `${JSON_V1}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`,
  'accept-encoding': 'gzip, deflate',
  'cache-control': 'max-age=0',
  'user-agent': 'pip/25.3',
};

/**
 * Pages of packages of one file each: ours, verdaccio's, and ours as files that nginx serves. Each server is
 * asked as its own client asks. Beside them, what workerd itself takes for an answer of this size.
 */
export async function benchSimple(report: Report): Promise<void> {
  const packages = await installedPackages();
  const own = await startRegistryPages(packages.length, PIP_HEADERS);
  const { bodies } = own;
  const stops = [own.stop];
  try {
    const loud = await startVerdaccio('http', packages);
    stops.push(loud.stop);
    const quiet = await startVerdaccio('error', packages);
    stops.push(quiet.stop);
    const nginx = await startNginx(bodies, JSON_V1);
    stops.push(nginx.stop);
    const bare = await startBareWorker(`
      const body = ${JSON.stringify(bodies[0])};
      export default { fetch: () => new Response(body) };`);
    stops.push(bare.stop);

    const rates = await bestRates(
      {
        ours: () => load(own.url, own.paths, SECONDS, PIP_HEADERS),
        loud: () => load(loud.url, loud.paths, SECONDS, NPM_HEADERS),
        quiet: () => load(quiet.url, quiet.paths, SECONDS, NPM_HEADERS),
        nginx: () => load(nginx.url, nginx.paths, SECONDS, PIP_HEADERS),
        bare: () => load(bare.url, ['/'], SECONDS, PIP_HEADERS),
      },
      ROUNDS,
    );
    const length = bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length;
    line(`${packages.length} pages of one file each in turn, ours of ${length.toFixed(0)} bytes of JSON;`);
    line(
      `verdaccio ${VERDACCIO_VERSION} with the packages that this repository is built on, one version each;`,
    );
    line(`asked as pip and npm ask; best of ${ROUNDS} rounds of ${SECONDS} s each, one after the other`);
    const [ours, theirs, silent, files, least] = Object.values(rates).map((rate) => rate.toFixed(0));
    line(`ours ${ours}/s; verdaccio as it comes ${theirs}/s, without its log ${silent}/s;`);
    line(`nginx ${files}/s; a Worker that knows nothing but one page ${least}/s`);
    report(ratio("pages of the index : verdaccio's, as it comes", rates.ours / rates.loud, 10));
    report(ratio('pages of the index : the same JSON as files from nginx', rates.ours / rates.nginx, 0.25));

    const [path] = own.paths;
    const { headers } = await fetch(new URL(path!, own.url), { headers: PIP_HEADERS });
    const sent = [...headers].filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding');
    const constant = await startBareWorker(`
      const headers = new Headers(${JSON.stringify(sent)});
      const body = ${JSON.stringify(bodies[0])};
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
