/** `pinwheel check` and `diff` on a project of 1,000 files, beside CPython's own parser on the same files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newFolder, writeFiles } from '../common/own.ts';
import { builtCommand } from '../common/package.ts';
import prepareShared from '../common/setup.ts';
import { Random } from '../resolver/requirements/random.ts';
import { atMost, line, median, type Report } from './report.ts';

const FILES = 1_000;
const GOAL_MS = 2_000;
const ROUNDS = 5;
/** Projects rarely have larger files. */
const LARGEST = 32_000;

/** Modules of the machine's standard library, without its tests, as paths below it. */
const LIST = `
import json, pathlib, sysconfig
library = pathlib.Path(sysconfig.get_path("stdlib"))
files = [file.relative_to(library) for file in library.rglob("*.py")]
skipped = {"site-packages", "dist-packages", "test", "tests", "idle_test"}
print(json.dumps([str(library), sorted(str(file) for file in files if not skipped & set(file.parts))]))
`;
const PARSE = `
import ast, pathlib, sys
for file in pathlib.Path(sys.argv[1]).rglob("*.py"):
    for node in ast.walk(ast.parse(file.read_bytes())):
        isinstance(node, (ast.Import, ast.ImportFrom))
`;

export async function benchCheck(report: Report): Promise<void> {
  const removeShared = await prepareShared();
  try {
    const script = join(await builtCommand(), 'dist/pinwheel.js');
    const project = newFolder();
    const bytes = await writeProject(project);
    const json = (...args: string[]) => {
      const command = [script, ...args, '--as-of', '2026-11-20', '--json'];
      const { status, stdout } = spawnSync(process.execPath, command, {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      return status === null || status > 1 ? null : JSON.parse(stdout);
    };
    const expectAll = (files: unknown) => {
      if (files !== FILES) throw new Error(`${files} files were looked at`);
    };
    const wrangler = join(project, 'wrangler.toml');
    const checked = () => expectAll(json('check', project)?.totals.files);
    const compared = () =>
      expectAll(json('diff', '--config', wrangler, '--to', '2026-11-01')?.project.totals.files);
    const parsed = () => execFileSync('python3', ['-c', PARSE, project]);
    const times = { ours: [] as number[], diff: [] as number[], python: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(time(checked));
      times.diff.push(time(compared));
      times.python.push(time(parsed));
    }
    const [ours, diff, python] = [median(times.ours), median(times.diff), median(times.python)];
    line(
      `${FILES} modules of the standard library, ${(bytes / 1e6).toFixed(1)} MB, median of ${ROUNDS} rounds:`,
    );
    line(`CPython's ast, which only parses and walks, ${python.toFixed(0)} ms`);
    for (const [what, taken] of [
      ['check', ours],
      ['diff', diff],
    ] as const) {
      const called = `${what} of a project of ${FILES} files, start-up included`;
      const beside = `, ${(taken / python).toFixed(2)} of CPython's ast`;
      report(atMost(called, taken, GOAL_MS, (ms) => `${(ms / 1_000).toFixed(2)} s`, beside));
    }
  } finally {
    await removeShared();
  }
}

/** A seeded choice of modules, some more than once if the machine has few. Returns their size in bytes. */
async function writeProject(folder: string): Promise<number> {
  const [library, paths] = JSON.parse(execFileSync('python3', ['-c', LIST], { encoding: 'utf8' }));
  const random = new Random(1);
  let bytes = 0;
  for (let made = 0; made < FILES; ) {
    const path = join(library, random.pick<string>(paths));
    const { size } = await stat(path);
    if (size > LARGEST) continue;
    bytes += size;
    const target = join(folder, `package_${made % 40}`, `module_${made}.py`);
    await mkdir(dirname(target), { recursive: true });
    await cp(path, target);
    made++;
  }
  await writeFiles(folder, {
    'requirements.txt': 'fastapi\nhttpx\n',
    'wrangler.toml': 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n',
  });
  return bytes;
}

function time(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
