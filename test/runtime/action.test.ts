/** The steps of `action.yml`, in a shell with the runner's environment, against a server with GitHub's API of comments; pre-commit and Renovate. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../scripts/root.ts';
import { copyOfPinwheel } from '../cli/pinwheel.ts';
import { ending, newFolder, serve } from '../common/own.ts';
import { installed } from '../patches/python-packages.ts';
import { serveIndex } from '../resolver/solver/served-index.ts';
import { CACHE, useWorkshop } from './project.ts';

const { inputs, runs } = parse(await readFile(join(root, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { default: string }>;
  runs: { steps: { uses?: string; run?: string; env?: Record<string, string> }[] };
};

const workshop = useWorkshop();
const comments: { id: number; body: string }[] = [];
/** Each request, with its token. */
const asked: string[] = [];
let api: string;
let action: string;
beforeAll(async () => {
  action = await copyOfPinwheel();
  await cp(join(root, 'bin'), join(action, 'bin'), { recursive: true });
  await mkdir(join(action, 'scripts'));
  await cp(join(root, 'scripts/action.ts'), join(action, 'scripts/action.ts'));
  api = await serve(async (request, response) => {
    const { method, url = '', headers } = request;
    asked.push(`${method} ${url.replace(/\?.*/, '')}`);
    const { body } = method === 'GET' ? { body: '' } : JSON.parse(await text(request));
    const id = Number(/comments\/(\d+)/.exec(url)?.[1] ?? comments.length + 1);
    if (headers.authorization !== 'Bearer secret') return void response.writeHead(403).end('{}');
    if (method === 'PATCH') comments[id - 1]!.body = body;
    if (method === 'POST') comments.push({ id, body });
    const rows = comments.map((each) => ({ ...each, url: `${api}/repos/o/r/issues/comments/${each.id}` }));
    response.end(JSON.stringify(method === 'GET' ? rows : rows[id - 1]));
  });
});

async function shell(command: string, cwd: string, env: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', command], {
    cwd,
    env: { PATH, HOME, ...env } as never,
  });
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number, said: `${out}${errors}` };
}

/** A repository with a base, whose pull request is this project; and the commit of the base. */
async function pullRequest(change: (folder: string) => Promise<unknown>) {
  const folder = await workshop.copy(join(root, 'examples/hello'));
  await writeFile(join(folder, '.gitignore'), 'node_modules\n');
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['wrangler', 'workerd']) {
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const commit = 'git add -A && git -c user.name=a -c user.email=a@example.com commit -qm change';
  const { said } = await shell(`git init -q && ${commit} && git rev-parse HEAD`, folder);
  await change(folder);
  await shell(commit, folder);
  return { folder, base: said.trim() };
}

/** Runs the steps that are shell, as the runner does. */
async function runAction(
  { folder, base }: { folder: string; base: string },
  given: Record<string, string> = {},
) {
  const home = newFolder();
  const file = (name: string) => join(home, name);
  await writeFile(file('event'), JSON.stringify({ pull_request: { number: 7, base: { sha: base } } }));
  for (const name of ['output', 'summary']) await writeFile(file(name), '');
  await mkdir(file('cache'));
  await mkdir(CACHE, { recursive: true });
  await symlink(CACHE, file('cache/pinwheel'));
  const values: Record<string, string> = {
    token: 'secret',
    folder: '.',
    fail: inputs.fail!.default,
    ...given,
  };
  const runner = {
    ...{ GITHUB_WORKSPACE: folder, GITHUB_ACTION_PATH: action, RUNNER_TEMP: home, GITHUB_API_URL: api },
    ...{
      GITHUB_EVENT_PATH: file('event'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
    },
    ...{ GITHUB_REPOSITORY: 'o/r', XDG_CACHE_HOME: file('cache') },
  };
  let ended = { code: 0, said: '' };
  for (const { run, env = {} } of runs.steps) {
    if (run === undefined) continue;
    const own = Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => values[input]!),
    ]);
    ended = await shell(run, folder, { ...runner, ...Object.fromEntries(own) });
  }
  const sarif = /^sarif=(.*)$/m.exec(await readFile(file('output'), 'utf8'))?.[1];
  return { ...ended, sarif, summary: await readFile(file('summary'), 'utf8') };
}

test('a new date is tried beside the former one, and the comment is replaced by that of the next run', async () => {
  const request = await pullRequest(async (folder) => {
    const path = join(folder, 'wrangler.toml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('2025-11-02', '2026-02-01'));
    // Another Worker, whose date is not that of this one.
    await mkdir(join(folder, 'apps/web'), { recursive: true });
    await writeFile(join(folder, 'apps/web/wrangler.toml'), 'compatibility_date = "2026-03-01"\n');
  });
  const { code, said, sarif, summary } = await runAction(request);
  expect(code, said).toBe(0);
  expect(comments).toHaveLength(1);
  expect(comments[0]!.body).toBe(summary);
  expect(summary).toContain('<code>pinwheel check</code> passes');
  expect(summary).toContain('<code>pinwheel audit</code> passes');
  expect(summary).toContain('<code>pinwheel try --date 2025-11-02 --to 2026-02-01</code> passes');
  // The head of a table stays above its columns.
  expect(summary).toMatch(/```text\n +2025-11-02 +2026-02-01\n/);
  expect((await readdir(sarif!)).sort()).toEqual(['audit.sarif', 'check.sarif']);
  expect(JSON.parse(await readFile(join(sarif!, 'check.sarif'), 'utf8')).version).toBe('2.1.0');

  await writeFile(join(request.folder, 'src/entry.py'), 'import nothing_like_it\n');
  const again = await runAction({ ...request, base: 'HEAD' });
  expect(again.code, again.said).toBe(1);
  expect(comments).toHaveLength(1);
  expect(comments[0]!.body).toContain('<details open><summary><code>pinwheel check</code> has findings');
  expect(comments[0]!.body).not.toContain('pinwheel try');
  expect(asked).toContain('PATCH /repos/o/r/issues/comments/1');
});

test('that a former date fails with new requirements is no finding', async () => {
  // After the release of the set that the project pins.
  const index = ending(await serveIndex({ later: { '1.0': { uploaded: '2026-11-01T00:00:00Z' } } }));
  const request = await pullRequest(async (folder) => {
    const replace = async (name: string, from: string, to: string) => {
      const path = join(folder, name);
      await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
    };
    await replace('wrangler.toml', '2025-11-02', '2026-11-10');
    await replace('wrangler.toml', '"python_workers"', '"python_workers", "disable_python_external_sdk"');
    await replace('pyproject.toml', '[]', '["later==1.0"]');
    await replace('pyproject.toml', '[tool.pinwheel]', `[tool.pinwheel]\nindex-url = ["${index.url}"]`);
  });
  const { code, summary } = await runAction(request, { token: '' });
  expect(summary).toContain('You require later==1.0');
  expect(summary).toContain('<code>pinwheel try --date 2025-11-02 --to 2026-11-10</code> passes');
  expect(summary).toContain('only the former date 2025-11-02 fails');
  expect(code, summary).toBe(0);
});

test.each([
  ['apps/api/requirements/prod.txt', true],
  ['apps/api/src/words.py', false],
  ['uv.lock', true],
  ['packages/shared/pyproject.toml', true],
  ['apps/web/requirements.txt', false],
])('what a pull request changes in %s may change the Worker of apps/api: %s', async (path, isTried) => {
  const request = await pullRequest(async (folder) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '');
  });
  await mkdir(join(request.folder, 'apps/api'), { recursive: true });
  const { summary } = await runAction(request, { token: '', folder: 'apps/api' });
  expect(summary.includes('pinwheel try')).toBe(isTried);
});

test('a token that may not comment is a warning, findings need not fail the job, and paths are from the top', async () => {
  const request = await pullRequest((folder) =>
    writeFile(join(folder, 'src/entry.py'), 'import nothing_like_it\n'),
  );
  const { code, said, sarif } = await runAction(request, {
    token: 'of a fork',
    fail: 'false',
    folder: 'src',
  });
  expect(said).toContain('::warning::There is no comment: GET ');
  expect(code).toBe(0);
  expect(await readFile(join(sarif!, 'check.sarif'), 'utf8')).toContain('"uri":"src/entry.py"');
});

test('pre-commit takes the hooks', async () => {
  const site = await installed(['pre-commit==4.6.2']);
  const command = 'python3 -m pre_commit validate-manifest .pre-commit-hooks.yaml';
  expect(await shell(command, root, { PYTHONPATH: site })).toEqual({ code: 0, said: '' });
});

test.each(['wrangler.jsonc', 'pylock.toml', 'pyodide-lock.json', 'requirements/prod.txt', 'uv.lock'])(
  'pre-commit runs the hooks on a change of %s',
  async (path) => {
    const hooks = parse(await readFile(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as { files: string }[];
    for (const { files } of hooks) expect(`api/${path}`).toMatch(new RegExp(files));
  },
);

test.each([
  ['requirements.txt', 'My_Package[extra]==1.0  # pinwheel', { depName: 'My_Package', currentValue: '1.0' }],
  ['app/pyproject.toml', '  "numpy==2.2.5", # pinwheel', { depName: 'numpy', currentValue: '2.2.5' }],
  ['requirements-dev.in', 'numpy==2.2.5', undefined],
])('the preset of Renovate reads %s: %s', async (file, line, groups) => {
  const [manager] = JSON.parse(await readFile(join(root, 'renovate-preset.json'), 'utf8')).customManagers;
  const patterns: RegExp[] = manager.managerFilePatterns.map((text: string) => new RegExp(text.slice(1, -1)));
  expect(patterns.some((pattern) => pattern.test(file))).toBe(true);
  expect({ ...new RegExp(manager.matchStrings[0]).exec(line)?.groups }).toEqual({ ...groups });
});

test('what it uses is pinned', () => {
  const used = runs.steps.flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(0);
  for (const each of used) expect(each).toMatch(/@[0-9a-f]{40}$/);
});
