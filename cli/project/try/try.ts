/** Tries a project on workerd: checks and builds it, imports its modules, and sends it requests; on two runtimes, if asked. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LARGEST_WORKER } from '../../../resolver/closure/sizes.ts';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { noWrangler } from '../../../resolver/issues/build.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { openBackend } from '../../ask/backend.ts';
import { CommandError, type LocatedIssue, misused, unanswered } from '../../common/failure.ts';
import { withScratch } from '../../common/folders.ts';
import type { Remark } from '../../common/listener.ts';
import { readText } from '../../common/read-text.ts';
import { count } from '../../common/text.ts';
import type { AnswerLimits } from '../../worker/ask.ts';
import { buildWorker } from '../../worker/build.ts';
import { totalOf } from '../../worker/files.ts';
import type { ServeOptions } from '../../worker/serve.ts';
import { bindingsOf, findWrangler, tooOldWorkerd } from '../../worker/wrangler.ts';
import { type BuildQuestion, requestOf } from '../build.ts';
import { findConfig } from '../build-project.ts';
import { checkWorker } from '../check/check.ts';
import { type Asked, askAll, type Run, START_SECONDS } from './ask-all.ts';
import { type Difference, differences, varyingPlaces } from './compare.ts';
import { modulesOf, probeRequest } from './probe.ts';
import { type NamedRequest, pageAt, readHar, readHttpFile, routesOf } from './requests.ts';

export interface TryOptions extends BuildQuestion {
  to?: string;
  har?: string;
  snapshot?: true;
  timeout: string;
}

/** The file of requests in a project. */
const REQUESTS = 'requests.http';
const MOST_HAR_BYTES = 100_000_000;
const MOST_BODY_BYTES = 25_000_000;
const MEASURED_AFTER = 100;
const MOST_TIMEOUT = 3600;

export interface TryReport {
  workerd: string;
  /** The Worker as it is; and with `to`, as it would be. */
  sides: Side[];
  /** Null if there are no two sides that were built. */
  comparison: Comparison | null;
}

export interface Side {
  /** The compatibility date, or the package flag if two of these are compared. */
  label: string;
  /** What the Worker was built with; if it was not, what the date selects. */
  python: string;
  pyodide: string;
  package_set: string;
  /** The errors of the check. They are about the platform's own Python, so they are no failures here. */
  findings: Finding[];
  /** Why it cannot be built; empty if it was built. */
  issues: readonly LocatedIssue[];
  /** The size of the Worker in bytes; null if it was not built. */
  size: number | null;
  /** The settings that name bindings, without which it was tried. */
  bindings: string[];
  modules: { name: string; error: string | null }[];
  /** Where the requests come from. */
  source: string;
  requests: readonly NamedRequest[];
  /** Each of a process of its own. */
  runs: Run[];
  /** The least of the runs; null if not measured. */
  cpu_ms: number | null;
  /** As in the last run. */
  memory: Run['memory'];
}

export interface Comparison {
  answers: { request: string; differences: Difference[]; left_out: string[] }[];
  same: number;
  /** By how many per cent the second side needs more; null if not measured. */
  more_cpu: number | null;
  more_memory: number | null;
}

/** The Worker's own requests fail: those of a run should reach nobody, least of all a hundred times. */
const NO_NETWORK = `worker = (
  compatibilityDate = "2025-11-02",
  serviceWorkerScript = "addEventListener('fetch', (event) => event.respondWith(Promise.reject(new Error('pinwheel try has no network for ' + new URL(event.request.url).host))))",
)`;

export async function tryProject(folder: string, options: TryOptions): Promise<TryReport> {
  const { to, listener } = options;
  const config = await findConfig(folder, options.config);
  const home = dirname(config);
  const seconds = readTimeout(options.timeout);
  const workerd = findWorkerd(home);
  const told = new Set<string>();
  const remarks = (all: readonly Remark[]) => {
    // Once for both sides.
    listener.remarks(all.filter(({ message }) => !told.has(message)));
    for (const { message } of all) told.add(message);
  };
  const asked = { ...options, config, listener: { ...listener, remarks } };
  const limits = { seconds, size: MOST_BODY_BYTES };
  const given = await givenRequests(home, options.har, remarks);
  const setting: Setting = { home, workerd, limits, times: to === undefined ? 1 : 2, given };
  return withScratch(tmpdir(), 'pinwheel-try-', async (scratch) => {
    const from = await trySide(setting, asked, join(scratch, 'from'));
    const report = { workerd: workerd.version, sides: [from], comparison: null };
    if (to === undefined) return report;
    const flag = [...options.flag.filter((other) => !isPackageFlag(other)), to];
    const moved = { ...asked, ...(isPackageFlag(to) ? { flag } : { date: to }) };
    const { requests, source, issues } = from;
    const same = issues.length > 0 ? setting : { ...setting, given: { requests, source } };
    const after = await trySide(same, moved, join(scratch, 'to'));
    const sides = [from, after] as const;
    if (isPackageFlag(to)) for (const side of sides) side.label = side.package_set;
    return { ...report, sides: [...sides], comparison: compareSides(...sides) };
  });
}

function readTimeout(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_TIMEOUT) return Number(text);
  throw misused({ problem: 'invalid_timeout', text, most: MOST_TIMEOUT });
}

interface Workerd {
  version: string;
  file: string;
  /** The last compatibility date that it knows. */
  latest: string;
}

function findWorkerd(home: string): Workerd {
  const wrangler = findWrangler(home, process.env);
  const refuse = (problem: string) => unanswered([noWrangler({ command: 'try', home, problem })]);
  if ('problem' in wrangler) throw refuse(wrangler.problem);
  if (wrangler.workerd === null) throw refuse(`that of ${wrangler.command[0]} has no workerd beside it`);
  const old = tooOldWorkerd(home, wrangler);
  if (old !== null) throw unanswered([old]);
  const { version, manifest } = wrangler.workerd;
  const { default: file, compatibilityDate: latest } = createRequire(manifest)('./');
  return { version, file, latest };
}

type Given = Pick<Side, 'requests' | 'source'>;

/** Null if nobody has written any. */
async function givenRequests(
  home: string,
  har: string | undefined,
  tell: (remarks: Remark[]) => void,
): Promise<Given | null> {
  if (har !== undefined) {
    const { requests, elsewhere } = readHar(har, await readText(har, har, MOST_HAR_BYTES));
    const message = `Left out ${count(elsewhere, 'request')} of ${har}, to other hosts than that of the first.`;
    if (elsewhere > 0) tell([{ severity: 'info', message, fix: null }]);
    return { requests, source: har };
  }
  const file = join(home, REQUESTS);
  return existsSync(file) ? { requests: readHttpFile(file, await readText(file)), source: file } : null;
}

interface Setting {
  home: string;
  workerd: Workerd;
  limits: AnswerLimits;
  /** How many processes are asked. */
  times: number;
  given: Given | null;
}

type SideOptions = TryOptions & { config: string };

async function trySide(setting: Setting, options: SideOptions, scratch: string): Promise<Side> {
  const { pinwheel } = await openBackend(options);
  const { home, given } = setting;
  const place = { folder: home, config: options.config };
  const { target, report } = await checkWorker(pinwheel, place, { ...options, config: [options.config] });
  const side: Side = {
    label: target.compatibility_date,
    python: target.runtime.python,
    pyodide: target.runtime.pyodide,
    package_set: target.package_set.flag,
    findings: report.findings.filter(({ severity }) => severity === 'error'),
    issues: [],
    size: null,
    bindings: [],
    modules: [],
    ...(given ?? { requests: [pageAt('/')], source: 'none' }),
    runs: [],
    cpu_ms: null,
    memory: null,
  };
  try {
    await runSide(side, setting, options, scratch);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== 1) throw error;
    side.issues = error.issues;
  }
  return side;
}

async function runSide(side: Side, setting: Setting, options: SideOptions, scratch: string): Promise<void> {
  const { home, workerd, limits, times, given } = setting;
  const { snapshot = false, listener } = options;
  const place = { to: join(scratch, 'worker'), place: 'bundle', force: true, snapshot } as const;
  const request = {
    ...(await requestOf(home, { ...options, ...place })).request,
    limit: limits.seconds + START_SECONDS,
  };
  const { sizes, document } = await buildWorker(request);
  const { python, pyodide } = document.runtime;
  Object.assign(side, { python, pyodide, package_set: document.package_set.name });
  side.bindings = bindingsOf(request.wrangler);
  const { compatibility_date: date } = request.wrangler as { compatibility_date: string };
  const serving: ServeOptions = {
    variables: {},
    workerd: workerd.file,
    outbound: NO_NETWORK,
    compatibilityDate: [date, workerd.latest].sort()[0]!,
  };

  listener.step('Importing each module');
  const modules = modulesOf(request.project);
  const probe = await probeRequest(request, modules, scratch);
  await buildWorker({ ...probe, say: () => {} });
  side.size = totalOf(sizes).size;
  const paths = [...modules.map((_, at) => `/${at}`), '/routes'].map(pageAt);
  const probed = (await askAll(probe.out, paths, serving, limits)).asked.map(resultOf);
  side.modules = modules.map((name, at) => ({ name, error: probed[at]!.error }));
  const { error, routes } = probed.at(-1)!;
  if (error !== null) side.modules.push({ name: 'openapi() of FastAPI', error });
  const derived = given === null ? routesOf(routes) : [];
  if (derived.length > 0) Object.assign(side, { requests: derived, source: 'FastAPI' });

  for (let time = 1; time <= times; time++) {
    listener.step(`Sending ${count(side.requests.length, 'request')}`);
    const most = time === times ? MEASURED_AFTER : 0;
    side.runs.push(await askAll(request.out, side.requests, serving, limits, most));
  }
  const known = side.runs.flatMap(({ cpu_ms }) => cpu_ms ?? []);
  side.cpu_ms = known.length === 0 ? null : Math.min(...known);
  side.memory = side.runs.at(-1)!.memory;
}

/** What the probe answers. */
function resultOf({ answer, problem }: Asked): { error: string | null; routes: unknown } {
  if (answer?.status === 200) return JSON.parse(answer.body.toString());
  return { error: problem ?? `The status is ${answer!.status}.`, routes: null };
}

/** Null if one of the two cannot be built. */
function compareSides(from: Side, to: Side): Comparison | null {
  if (from.runs.length === 0 || to.runs.length === 0) return null;
  const answers = from.requests.map(({ name }, at) => {
    const [before, after] = [from, to].map(({ runs }) => runs.map(({ asked }) => asked[at]!.answer));
    const varying = [before!, after!].flatMap(([first, second]) =>
      first && second ? varyingPlaces(first, second) : [],
    );
    const left_out = [...new Set(varying)];
    return { request: name, differences: differences(before![0]!, after![0]!, left_out), left_out };
  });
  const more = (before: number | null, after: number | null) =>
    before && after ? Math.round((after / before - 1) * 100) : null;
  return {
    answers,
    same: answers.filter((answer) => answer.differences.length === 0).length,
    more_cpu: more(from.cpu_ms, to.cpu_ms),
    more_memory: more(from.memory?.bytes ?? null, to.memory?.bytes ?? null),
  };
}

/** One thing that was tried, as services that show tests have them. */
export interface TryCase {
  /** The label of the side. */
  side: string;
  step: 'build' | 'import' | 'request' | 'compare';
  name: string;
  problem: string | null;
}

export function casesOf({ sides, comparison }: TryReport): TryCase[] {
  const cases = sides.flatMap(({ label: side, issues, size, modules, requests, runs }): TryCase[] => {
    const failing = (at: number) => runs.map(({ asked }) => asked[at]!.problem).find((problem) => problem);
    const build = { side, step: 'build', name: 'the Worker' } as const;
    return [
      ...issues.map(({ message }) => ({ ...build, problem: message })),
      ...(size === null ? [] : [{ ...build, problem: null }]),
      ...modules.map(({ name, error }) => ({ side, step: 'import' as const, name, problem: error })),
      ...(runs.length === 0 ? [] : requests).map(({ name }, at) => {
        return { side, step: 'request' as const, name, problem: failing(at) ?? null };
      }),
    ];
  });
  const compared = (comparison?.answers ?? []).map(({ request: name, differences: [first] }): TryCase => {
    const problem = first === undefined ? null : differenceText(first);
    return { side: sides.at(-1)!.label, step: 'compare', name, problem };
  });
  return [...cases, ...compared];
}

export function differenceText({ place, from, to }: Difference): string {
  return `${place}: ${from ?? 'nothing'}, now ${to ?? 'nothing'}`;
}

/** As JSON. */
export function documentOf(report: TryReport): object {
  const { workerd, sides, comparison } = report;
  return {
    ok: casesOf(report).every(({ problem }) => problem === null),
    ground: `Pinwheel's own start of Pyodide on workerd ${workerd}, not Cloudflare's platform`,
    limit: LARGEST_WORKER,
    sides: sides.map(({ requests, runs, ...side }) => ({
      ...side,
      requests: requests.map(({ name }, at) => {
        const { answer = null, problem = null } = runs[0]?.asked[at] ?? {};
        return { name, status: answer?.status ?? null, size: answer?.body.length ?? null, problem };
      }),
    })),
    comparison,
  };
}
