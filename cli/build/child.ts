/** The child process in which a Worker's Python runs at build time. */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type CommandError, unanswered } from '../failure.ts';
import { packageFile } from '../package-root.ts';
import type { SnapshotJob, SnapshotOutcome } from './snapshot/job.ts';

/** Stack switching, which Python on Workers has, is a flag of Node up to this version, and a part of it after. */
const FIRST_WITH_JSPI = 24;

/** Python's own output goes to standard error. Throws a {@link CommandError} with Python's traceback. */
export async function runSnapshot(job: SnapshotJob): Promise<SnapshotOutcome & { ok: true }> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < FIRST_WITH_JSPI) throw tooOld(process.versions.node);
  const program = fileURLToPath(packageFile('dist/runtime/snapshot.js'));
  const child = spawn(process.execPath, ['--experimental-wasm-jspi', '--no-warnings', program], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  child.stdin.on('error', () => {}).end(JSON.stringify(job));
  try {
    const ended = new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('close', resolve),
    );
    const [code, printed, complained] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw broken(`${printed}${complained}`);
    const outcome = JSON.parse(await readFile(job.outcome, 'utf8')) as SnapshotOutcome;
    if (outcome.ok) return outcome;
    throw 'crash' in outcome ? broken(outcome.crash) : failedImport(job.main, outcome.traceback);
  } finally {
    process.removeListener('exit', stop);
    await rm(job.outcome, { force: true });
  }
}

function failedImport(main: string, traceback: string): CommandError {
  const message = `${main} could not be imported:\n${readable(traceback)}`;
  const fix = 'Correct the project, or the requirements that it lacks.';
  return unanswered([{ code: 'failed_import', message, fix }]);
}

/** Without the frames of Pyodide, of Pinwheel and of the import system. */
export function readable(traceback: string): string {
  const lines = traceback.trimEnd().split('\n');
  const kept: string[] = [];
  let skip = false;
  for (const line of lines) {
    const frame = /^ {2}File "([^"]+)"/.exec(line);
    if (frame)
      skip =
        /^(?:<frozen importlib|\/lib\/pinwheel\/|\/lib\/python\d+\.zip\/(?:_pyodide|pyodide|importlib)\/)/.test(
          frame[1]!,
        );
    else if (!line.startsWith(' ')) skip = false;
    if (!skip) kept.push(line.replaceAll('/session/metadata/', ''));
  }
  return kept.join('\n');
}

function broken(said: string): CommandError {
  const message = `The process that runs Python at build time failed:\n${said.trimEnd().slice(-4000)}`;
  return unanswered([{ code: 'failed_snapshot', message, fix: null }]);
}

function tooOld(version: string): CommandError {
  const message = `pinwheel build needs Node ${FIRST_WITH_JSPI} or newer, and this is ${version}.`;
  return unanswered([{ code: 'old_node', message, fix: `Install Node ${FIRST_WITH_JSPI}.` }]);
}
