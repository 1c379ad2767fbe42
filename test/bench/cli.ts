import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { builtCommand } from '../common/package.ts';
import prepareShared from '../common/setup.ts';
import { atMost, line, median, type Report } from './report.ts';

const ROUNDS = 25;
const LIMIT_MS = 150;
/** Beside a Node that does nothing, for commands that answer from the data that they carry. */
const LIMIT_RATIO = 6;
/** Milliseconds that an audit may take beyond `resolve`. */
const AUDIT_MS = 150;

/** How long commands take from the start of the process, compared with a Node that does nothing. */
export async function benchCommandLine(report: Report): Promise<void> {
  const removeShared = await prepareShared();
  try {
    const folder = await builtCommand();
    const script = join(folder, 'dist/pinwheel.js');
    const asOf = ['--as-of', '2026-11-20'];
    const question = ['--date', '2025-11-02', '--flag', 'python_workers', ...asOf];
    const commands = {
      bare: ['-e', '0'],
      version: [script, '--version'],
      help: [script, '--help'],
      resolve: [script, 'resolve', 'fastapi', ...question],
      audit: [script, 'audit', 'fastapi', ...question, '--fail-on', 'critical'],
      when: [script, 'when', 'fastapi', ...asOf],
      diff: [script, 'diff', '--from', '2026-09-14', '--to', '2026-09-15', 'fastapi', ...asOf],
    };
    type Name = keyof typeof commands;
    const names = Object.keys(commands) as Name[];
    const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) times[name].push(time(commands[name], folder));
    }
    const bare = median(times.bare);
    const version = median(times.version);
    const said = names.map((name) => `${name} ${median(times[name]).toFixed(0)} ms`).slice(2);
    line(`median of ${ROUNDS} runs each: node -e 0 ${bare.toFixed(0)} ms; ${said.join(', ')}`);
    report({
      what: 'pinwheel --version, from nothing to its end',
      figure: `${version.toFixed(0)} ms, ${(version / bare).toFixed(2)} of node -e 0`,
      goal: `under ${LIMIT_MS} ms`,
      met: version < LIMIT_MS,
    });
    for (const name of ['resolve', 'when', 'diff'] as const) {
      const what = `pinwheel ${name}, from the data that it carries : node -e 0`;
      report(
        atMost(what, median(times[name]) / bare, LIMIT_RATIO, (ratio) => `${ratio.toFixed(2)} of its time`),
      );
    }
    const beyond = median(times.audit) - median(times.resolve);
    const beside = `, ${(beyond / bare).toFixed(2)} of node -e 0`;
    report(
      atMost(
        'pinwheel audit, beyond pinwheel resolve',
        beyond,
        AUDIT_MS,
        (ms) => `${ms.toFixed(0)} ms`,
        beside,
      ),
    );
  } finally {
    await removeShared();
  }
}

/** Milliseconds. */
function time(args: readonly string[], cwd: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return performance.now() - started;
}
