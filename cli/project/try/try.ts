/** Tries a project on workerd: checks and builds it, imports its modules, and sends it requests; on two runtimes, if asked. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LARGEST_WORKER } from '../../../resolver/closure/sizes.ts';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { noWrangler } from '../../../resolver/issues/build.ts';
import { openBackend } from '../../ask/backend.ts';
import { CommandError, unanswered, wholeNumber } from '../../common/failure.ts';
import { withScratch } from '../../common/folders.ts';
import type { Remark } from '../../common/listener.ts';
import { readText } from '../../common/read-text.ts';
import { count } from '../../common/text.ts';
import type { AnswerLimits } from '../../worker/ask.ts';
import { buildWorker } from '../../worker/build.ts';
import { MOST_MEMORY, totalOf } from '../../worker/files.ts';
import { exceptionLine } from '../../worker/said.ts';
import { serviceOf } from '../../worker/serve.ts';
import { bindingsOf, servingWrangler } from '../../worker/wrangler.ts';
import { requestOf } from '../build.ts';
import { findConfig } from '../build-project.ts';
import { checkWorker } from '../check/check.ts';
import type { ClosureOptions } from '../closure.ts';
import { type Asked, askAll, type Run, START_SECONDS } from './ask-all.ts';
import { differences, varyingPlaces } from './compare.ts';
import { modulesOf, probeRequest } from './probe.ts';
import type { Comparison, Difference, TriedProject, TriedSide } from './report.ts';
import { type NamedRequest, pageAt, readHar, readHttpFile, routesOf } from './requests.ts';

export interface TryOptions extends ClosureOptions {
  to?: string;
  har?: string;
  snapshot?: true;
  timeout: string;
  /** Runs what is tried of the side of `to`, with the project as it is after the move. */
  moved?: <Result>(task: () => Promise<Result>) => Promise<Result>;
}

/** The file of requests in a project. */
const REQUESTS = 'requests.http';
const MOST_HAR_BYTES = 100_000_000;
const MOST_BODY_BYTES = 25_000_000;
const MEASURED_AFTER = 100;
export const MOST_SECONDS = 3600;

/** The Worker's own requests fail: those of a run should reach nobody, least of all a hundred times. */
const NO_NETWORK = serviceOf("Promise.reject(new Error('pinwheel try has no network for ' + url.host))");

export async function tryProject(folder: string, options: TryOptions): Promise<TriedProject> {
  const { to, listener, moved = (task) => task() } = options;
  const config = await findConfig(folder, options.config);
  const home = dirname(config);
  const seconds = wholeNumber('--timeout', options.timeout, MOST_SECONDS);
  const workerd = findWorkerd(home);
  const told = new Set<string>();
  // Once for both sides.
  const remarks = (all: readonly Remark[]) =>
    listener.remarks(all.filter(({ message }) => !told.has(message) && told.add(message)));
  const asked = { ...options, config, built: true as const, listener: { ...listener, remarks } };
  const asking = to === undefined ? [asked] : [asked, movedTo(asked, to)];
  const setting: Setting = {
    home,
    workerd,
    limits: { seconds, size: MOST_BODY_BYTES },
    times: asking.length,
    given: await givenRequests(home, options.har, remarks),
  };
  const onSide = <Result>(at: number, task: () => Promise<Result>) => (at === 1 ? moved(task) : task());
  const sides: TriedSide[] = [];
  // Both sides are checked before anything is built.
  for (const [at, each] of asking.entries()) sides.push(await onSide(at, () => checkSide(home, each)));
  const ran: Run[][] = [];
  await withScratch(tmpdir(), 'pinwheel-try-', async (scratch) => {
    for (const [at, side] of sides.entries()) {
      const run = () => runSide(side, setting, asking[at]!, join(scratch, `${at}`));
      ran[at] = await onSide(at, run).catch((error: unknown) => {
        if (!(error instanceof CommandError) || error.exitCode !== 1) throw error;
        side.issues = error.issues;
        // Findings of the check that are also issues of the build are told once.
        const told = new Set(error.issues.map(({ message }) => message));
        side.findings = side.findings.filter(({ message }) => !told.has(message));
        return [];
      });
    }
  });
  const { requests, source } = setting.given ?? ONE_PAGE;
  for (const [at, side] of sides.entries()) {
    // The answer in the first run, and the first problem of all.
    const answers = requests.map(({ name }, index) => {
      const asked = ran[at]!.map((run) => run.asked[index]!);
      const { status = null, body } = asked[0]?.answer ?? {};
      const [problem = null] = asked.flatMap(({ problem }) => problem ?? []);
      return { name, status, size: body?.length ?? null, problem };
    });
    Object.assign(side, { source, requests: answers });
    if (to !== undefined && isPackageFlag(to)) side.label = side.package_set;
  }
  const report = {
    ground: `Pinwheel's own start of Pyodide on workerd ${workerd.version}, not Cloudflare's platform`,
    limit: LARGEST_WORKER,
    memory_limit: MOST_MEMORY,
    sides,
    comparison: compareSides(sides, ran),
  };
  return { ok: casesOf(report).every(({ problem }) => problem === null), ...report };
}

/** The version of the workerd of a project, and the path of its binary, as its package exports them. */
function findWorkerd(home: string): { version: string; default: string } {
  const { command, workerd } = servingWrangler('try', home);
  const problem = `that of ${command[0]} has no workerd beside it`;
  if (workerd === null) throw unanswered([noWrangler({ command: 'try', home, problem })]);
  return createRequire(workerd.manifest)('./');
}

/** The requests, and where they come from. */
interface Given {
  requests: readonly NamedRequest[];
  source: string;
}

const ONE_PAGE: Given = { requests: [pageAt('/')], source: 'none' };

/** Null if nobody has written any. */
async function givenRequests(
  home: string,
  har: string | undefined,
  tell: (remarks: Remark[]) => void,
): Promise<Given | null> {
  if (har !== undefined) {
    const { requests, leftOut } = readHar(har, await readText(har, har, MOST_HAR_BYTES));
    const reasons = 'to other hosts than that of the first, not by HTTP, or with a form that has no text';
    const message = `Left out ${count(leftOut, 'request')} of ${har}: ${reasons}.`;
    if (leftOut > 0) tell([{ severity: 'info', message, fix: null }]);
    return { requests, source: har };
  }
  const file = join(home, REQUESTS);
  return existsSync(file) ? { requests: readHttpFile(file, await readText(file)), source: file } : null;
}

interface Setting {
  home: string;
  workerd: ReturnType<typeof findWorkerd>;
  limits: AnswerLimits;
  /** How many processes are asked. */
  times: number;
  /** Null until the first side that is built says whether it has routes. */
  given: Given | null;
}

type SideOptions = TryOptions & { config: string; built: true };

/** @param to a compatibility date, or a package flag instead of any other */
function movedTo({ pyodide: _, ...options }: SideOptions, to: string): SideOptions {
  if (!isPackageFlag(to)) return { ...options, date: to };
  return { ...options, flag: [...options.flag.filter((other) => !isPackageFlag(other)), to] };
}

async function checkSide(home: string, options: SideOptions): Promise<TriedSide> {
  const { pinwheel } = await openBackend(options);
  const place = { folder: home, config: options.config };
  const { target, report, vulnerabilities } = await checkWorker(pinwheel, place, options);
  return {
    label: target.compatibility_date,
    python: target.runtime.python,
    pyodide: target.runtime.pyodide,
    package_set: target.package_set.flag,
    vulnerabilities,
    findings: report.findings.filter(({ severity }) => severity === 'error'),
    issues: [],
    size: null,
    bindings: [],
    modules: [],
    requests: [],
    source: ONE_PAGE.source,
    cpu_ms: null,
    memory: null,
  };
}

/** Returns the runs, each in a process of its own. */
async function runSide(side: TriedSide, setting: Setting, options: SideOptions, scratch: string) {
  const { home, workerd, limits, times } = setting;
  const { snapshot = false, listener } = options;
  const place = { to: join(scratch, 'worker'), place: 'bundle', force: true, snapshot } as const;
  const asked = { ...options, ...place, servedBy: workerd.version };
  const limit = limits.seconds + START_SECONDS;
  const request = { ...(await requestOf(home, asked)).request, limit };
  const { sizes, document } = await buildWorker(request);
  const { python, pyodide } = document.runtime;
  Object.assign(side, { python, pyodide, package_set: document.package_set.name });
  side.bindings = bindingsOf(request.wrangler);
  const { signal } = listener;
  const serving = { variables: {}, workerd: workerd.default, outbound: NO_NETWORK, signal };

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
  const derived = routesOf(routes);
  setting.given ??= derived.length > 0 ? { requests: derived, source: 'FastAPI' } : ONE_PAGE;
  // The other side gets the same.
  const { requests } = setting.given;

  const runs: Run[] = [];
  for (let time = 1; time <= times; time++) {
    listener.step(`Sending ${count(requests.length, 'request')}`);
    const most = time === times ? MEASURED_AFTER : 0;
    runs.push(await askAll(request.out, requests, serving, limits, most));
  }
  const known = runs.flatMap(({ cpu_ms }) => cpu_ms ?? []);
  side.cpu_ms = known.length === 0 ? null : Math.min(...known);
  side.memory = runs.at(-1)!.memory;
  return runs;
}

/** The answer of the probe. */
function resultOf({ answer, problem }: Asked): { error: string | null; routes: unknown } {
  if (problem !== null) return { error: problem, routes: null };
  const { error, routes } = JSON.parse(answer!.body.toString());
  return { error: error && exceptionLine(error), routes };
}

/** Null if there are no two that were built. `more`: by how many per cent the second needs more; null if not measured. */
export function compareSides(
  sides: readonly Pick<TriedSide, 'requests' | 'cpu_ms' | 'memory'>[],
  ran: readonly Pick<Run, 'asked'>[][],
): Comparison | null {
  if (sides.length < 2 || ran.some((runs) => runs.length === 0)) return null;
  const answers = sides[0]!.requests.flatMap(({ name }, at) => {
    const [before, after] = ran.map((runs) => runs.map(({ asked }) => asked[at]!.answer));
    // Both are failures, and no answers that are the same.
    if (before![0] === null && after![0] === null) return [];
    const left_out = [...new Set([before!, after!].flatMap(varyingPlaces))];
    return { request: name, differences: differences(before![0]!, after![0]!, left_out), left_out };
  });
  const more = (of: (side: (typeof sides)[number]) => number | null | undefined) => {
    const [before, after] = sides.map(of);
    return before && after ? Math.round((after / before - 1) * 100) : null;
  };
  return {
    answers,
    same: answers.filter((answer) => answer.differences.length === 0).length,
    more_cpu: more(({ cpu_ms }) => cpu_ms),
    more_memory: more(({ memory }) => memory?.bytes),
  };
}

/** The results, as services that show tests have them; `side`: the label of one. */
export function casesOf({ sides, comparison }: Pick<TriedProject, 'sides' | 'comparison'>) {
  const cases = sides.flatMap(({ label, findings, issues, size, modules, requests }) => {
    const built = size === null ? [] : [caseOf(label, 'build', 'the Worker', null)];
    return [
      ...findings.map(({ path, line, message }) => caseOf(label, 'check', `${path}:${line}`, message)),
      ...issues.map(({ message }) => caseOf(label, 'build', 'the Worker', message)),
      ...built,
      ...modules.map(({ name, error }) => caseOf(label, 'import', name, error)),
      ...built.flatMap(() => requests.map(({ name, problem }) => caseOf(label, 'request', name, problem))),
    ];
  });
  const compared = comparison?.answers.map(({ request, differences: [first] }) =>
    caseOf(sides.at(-1)!.label, 'compare', request, first ? differenceText(first) : null),
  );
  return [...cases, ...(compared ?? [])];
}

type Step = 'check' | 'build' | 'import' | 'request' | 'compare';

function caseOf(side: string, step: Step, name: string, problem: string | null) {
  return { side, step, name, problem };
}

export function differenceText({ place, from, to }: Difference): string {
  return `${place}: ${from ?? 'nothing'}, now ${to ?? 'nothing'}`;
}
