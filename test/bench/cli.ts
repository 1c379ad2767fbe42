import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from '../../scripts/build.ts';
import { root } from '../../scripts/root.ts';
import { line, median, type Report } from './report.ts';

const ROUNDS = 25;
const LIMIT_MS = 150;

/** How long the command takes to start, beside a Node that does nothing. */
export async function benchCommandLine(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-bench-'));
  try {
    await buildPackage(join(folder, 'dist'));
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await symlink(join(root, 'data'), join(folder, 'data'));
    const script = join(folder, 'dist/pinwheel.js');
    const question = ['--date', '2025-11-02', '--flag', 'python_workers', '--as-of', '2026-11-20'];
    const commands = {
      bare: ['-e', '0'],
      version: [script, '--version'],
      help: [script, '--help'],
      resolve: [script, 'resolve', 'fastapi', ...question],
    };
    const times: Record<keyof typeof commands, number[]> = { bare: [], version: [], help: [], resolve: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, args] of Object.entries(commands)) {
        times[name as keyof typeof commands].push(time(args, folder));
      }
    }
    const [bare, version, help, resolve] = Object.values(times).map(median) as [
      number,
      number,
      number,
      number,
    ];
    line(`median of ${ROUNDS} runs each: node -e 0 ${bare.toFixed(0)} ms; --help ${help.toFixed(0)} ms;`);
    line(`resolve fastapi, from the data that it carries, ${resolve.toFixed(0)} ms`);
    report({
      what: 'pinwheel --version, from nothing to its end',
      figure: `${version.toFixed(0)} ms, ${(version / bare).toFixed(2)} of node -e 0`,
      goal: `under ${LIMIT_MS} ms`,
      met: version < LIMIT_MS,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds. */
function time(args: readonly string[], cwd: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return performance.now() - started;
}
