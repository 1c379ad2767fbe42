/**
 * What a million requests of each kind take in D1, R2 and CPU, counted over requests that differ, to an isolate that has
 * the catalog. What the cache in front of the Worker answers takes nothing of these.
 */
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { line, type Report } from './report.ts';
import { workerdCpu } from './workerd-cpu.ts';

const REQUESTS = 40;
const FLAG = 'python_3.13_packages_2025_09_22';
const NEWEST = 'python_3.14_packages_2026_11_20';
const OF_SET = `flag=${FLAG}&as_of=2026-11-20`;

export async function benchCost(report: Report): Promise<void> {
  const sets = (await loadDocuments()).flatMap(({ document }) => (document.kind === 'set' ? document : []));
  const packagesOf = (flag: string) => sets.find((set) => set.flag === flag)!.packages;
  const packages = packagesOf(FLAG).filter(
    ({ imports, depends }) => imports.length > 0 && depends.length > 0,
  );
  const built = packagesOf(NEWEST).find(({ url }) => url === null)!;
  const name = (at: number) => packages[at % packages.length]!.name;
  const kinds: Record<string, (at: number) => string> = {
    'the same answer again': () => `/v1/resolve?${OF_SET}&requirement=${name(0)}`,
    'another answer of the same set': (at) => `/v1/resolve?${OF_SET}&requirement=${name(at)}`,
    'an audit': (at) => `/v1/audit?${OF_SET}&requirement=${name(at)}`,
    'the page of a package': (at) => `/packages/${name(at)}?as_of=2026-11-${10 + (at % 10)}`,
    'a badge': (at) => `/badge/${name(at)}.svg`,
    'a project of the simple index': (at) => `/simple/${FLAG}/${name(at)}/`,
    'a whole set': (at) => `/v1/sets/${FLAG}?revision=${74 - (at % 2)}`,
    'a search': (at) => `/v1/packages?query=${name(at).slice(0, 4)}`,
    'an entry of the log': (at) => `/v1/log/${1 + (at % 75)}`,
    'a tile of the log': () => '/log/tile/entries/000.p/75',
    'the newest index, for a client': () => '/v1/index',
    'a file that is stored': () => `/wheels/${built.sha256}/${built.filename}`,
  };
  const registry = await startLocalRegistry();
  const ask = async (path: string) => {
    const response = await fetch(new URL(path, registry.url));
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`);
  };
  const operations = async () =>
    ((await (await fetch(new URL('/healthz', registry.url))).json()) as { operations: Counted }).operations;
  let counted = 0;
  for (const [kind, pathOf] of Object.entries(kinds)) {
    // Code that has run before, as in an isolate that is asked all the time.
    for (let at = REQUESTS; at < 2 * REQUESTS; at++) await ask(pathOf(at));
    const [before, cpu] = [await operations(), await workerdCpu()];
    for (let at = 0; at < REQUESTS; at++) await ask(pathOf(at));
    const [after, cpuAfter] = [await operations(), await workerdCpu()];
    const of = (what: keyof Counted) => ((after[what] - before[what]) / REQUESTS).toFixed(2);
    counted += after.r2 - before.r2;
    const ms = ((cpuAfter.thread - cpu.thread) / REQUESTS).toFixed(2);
    line(`${kind.padEnd(42)} D1 ${of('d1')}   R2 ${of('r2')}   CPU ${ms} ms`);
  }
  await registry.stop();
  const what = 'operations are counted: a file is read from R2 each time';
  report({ what, figure: String(counted), goal: `${REQUESTS} or more`, met: counted >= REQUESTS });
}

interface Counted {
  d1: number;
  r2: number;
}
