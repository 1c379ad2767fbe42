import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { load } from './load.ts';
import { startNginx } from './nginx.ts';
import { line, median, type Report } from './report.ts';
import { NPM_ACCEPT, startVerdaccio, VERDACCIO_VERSION } from './verdaccio.ts';

const ROUNDS = 5;
const SECONDS = 2;
const PAGE = '/simple/python_3.13_packages_2025_08_19/numpy/';
const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
/** What pip sends. */
const PIP_ACCEPT = `${JSON_V1}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`;

/** The page of a package with one file: ours, verdaccio's, and ours as a file that nginx serves. */
export async function benchSimple(report: Report): Promise<void> {
  const registry = await startLocalRegistry();
  const stops = [() => registry.stop()];
  try {
    const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
    const page = await fetch(new URL(PAGE, direct), { headers: { accept: PIP_ACCEPT } });
    const body = await page.text();
    const [{ filename }] = (JSON.parse(body) as { files: [{ filename: string }] }).files;
    const verdaccio = await startVerdaccio();
    stops.push(verdaccio.stop);
    const nginx = await startNginx(body, JSON_V1);
    stops.push(nginx.stop);
    line(`the page of ${filename}, ${body.length} bytes of JSON;`);
    line(`verdaccio ${VERDACCIO_VERSION} with a package of one file; nginx with the same JSON on disk;`);
    line(`median of ${ROUNDS} rounds of ${SECONDS} s each, one after the other`);

    const servers = {
      ours: () => load(direct, [PAGE], SECONDS, { accept: PIP_ACCEPT }),
      verdaccio: () => load(verdaccio.url, [verdaccio.path], SECONDS, { accept: NPM_ACCEPT }),
      nginx: () => load(nginx.url, [nginx.path], SECONDS),
    };
    const names = Object.keys(servers) as (keyof typeof servers)[];
    const rates: Record<keyof typeof servers, number[]> = { ours: [], verdaccio: [], nginx: [] };
    for (const name of names) await servers[name]();
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) {
        const { rate, refused, requests } = await servers[name]();
        if (refused > 0) throw new Error(`${name}: ${refused} of ${requests} requests were refused`);
        rates[name].push(rate);
      }
    }
    const [ours, theirs, file] = names.map((name) => median(rates[name])) as [number, number, number];
    line(`ours ${ours.toFixed(0)}/s; verdaccio ${theirs.toFixed(0)}/s; nginx ${file.toFixed(0)}/s`);
    report(ratio("package page of the index : verdaccio's", ours / theirs, 10));
    report(ratio('package page of the index : the same JSON as a file from nginx', ours / file, 0.25));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function ratio(what: string, value: number, goal: number) {
  return { what, figure: value.toFixed(2), goal: `${goal.toFixed(2)} or more`, met: value >= goal };
}
