/** The child process in which a Worker's Python runs at build time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { failedImport, failedSnapshot, lateImport, oldNode } from '../../resolver/issues/build.ts';
import { readableTraceback } from '../../runtime/traceback.ts';
import { type CommandError, unanswered } from '../common/failure.ts';
import { packageFile } from '../common/package-root.ts';
import { saidBy } from './said.ts';
import type {
  BaseJob,
  BaseOutcome,
  FailedRequests,
  Failure,
  Job,
  ProjectJob,
  ProjectOutcome,
  SnapshotRemark,
} from './snapshot/job.ts';

/** Python on Workers has stack switching. Up to this version of Node, a flag enables it; later ones have it enabled. */
export const FIRST_WITH_JSPI = 24;

export function checkNode(): void {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) < FIRST_WITH_JSPI) {
    throw unanswered([oldNode({ node, needed: FIRST_WITH_JSPI })]);
  }
}

/** How long a request at build time may take. */
const WARM_SECONDS = 10;

/** Throws a {@link CommandError} with Python's traceback, or if it has taken longer than `limit` seconds. */
export async function runProject(
  job: ProjectJob,
  request: { limit?: number | undefined; signal?: AbortSignal | undefined },
): Promise<ProjectOutcome> {
  const outcome = await run(job, request.limit, request.signal);
  if (outcome.ok) return outcome;
  if ('remarks' in outcome) {
    const cold = await runProject({ ...job, warm: [] }, request);
    // Remarks on the imports mean that the snapshot lacks the main module, which no request can change.
    return cold.remarks.length > 0 ? cold : { ...cold, remarks: outcome.remarks };
  }
  if ('crash' in outcome) throw broken(outcome.crash);
  throw unanswered([failedImport({ module: job.main, traceback: readableTraceback(outcome.traceback) })]);
}

export async function runBase(job: BaseJob, signal?: AbortSignal): Promise<BaseOutcome> {
  const outcome = await run(job, 0, signal);
  if (outcome.ok) return outcome;
  throw broken('crash' in outcome ? outcome.crash : outcome.traceback);
}

/** What `watchForEnd` reports, with Python's stack. */
const ENDED = /^Python ended by a fatal error: [\s\S]*/m;

type Outcome<Of extends Job> = Of extends ProjectJob ? ProjectOutcome | FailedRequests : BaseOutcome;

async function run<Of extends Job>(
  job: Of,
  seconds = 0,
  signal?: AbortSignal,
): Promise<Outcome<Of> | Failure> {
  const program = fileURLToPath(packageFile('dist/runtime/snapshot.js'));
  const child = spawn(process.execPath, ['--experimental-wasm-jspi', '--no-warnings', program], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    timeout: seconds * 1000,
    // Nothing of the builder's: memory holds the time zone and the language, and code may read all of it.
    env: { TZ: 'UTC', LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv,
    signal,
  });
  const said = saidBy(child);
  const stop = () => child.kill();
  let request: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const end = () => {
    isLate = true;
    stop();
  };
  child.on('message', (asked: string | null) => {
    clearTimeout(timer);
    request = asked;
    if (asked !== null) timer = setTimeout(end, WARM_SECONDS * 1000);
  });
  process.once('exit', stop);
  child.stdin!.on('error', () => {}).end(JSON.stringify(job));
  try {
    const [code] = await once(child, 'close');
    if (request !== null) {
      const late = isLate
        ? `it took more than ${WARM_SECONDS} s`
        : `it and the imports took more than ${seconds} s`;
      const problem = child.killed ? late : `Python ended with ${code}`;
      const remark: SnapshotRemark = { code: 'unanswered', module: null, line: null, request, problem };
      return { ok: false, remarks: [remark] } as Outcome<Of>;
    }
    if (child.killed) throw unanswered([lateImport({ seconds })]);
    const outcome = await readFile(job.outcome, 'utf8').catch(() => null);
    if (code === 0 && outcome !== null) {
      const made = JSON.parse(outcome) as Outcome<Of> | Failure;
      const [traceback] = 'crash' in made ? (ENDED.exec(said()) ?? []) : [];
      return traceback === undefined ? made : { ok: false, traceback };
    }
    throw broken(said() || `It ended with ${code}, without a result.`);
  } finally {
    process.removeListener('exit', stop);
    clearTimeout(timer);
    await rm(job.outcome, { force: true });
  }
}

function broken(said: string): CommandError {
  return unanswered([failedSnapshot({ output: said.trimEnd().slice(-4000) })]);
}
