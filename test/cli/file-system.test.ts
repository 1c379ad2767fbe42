import { execFile, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { promisify } from 'node:util';
import { minVersion, satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import wranglerPackage from 'wrangler/package.json' with { type: 'json' };
import { isWithin, pathFrom, writeWhole } from '../../cli/common/folders.ts';
import { filesAtHand } from '../../cli/packages/at-hand.ts';
import { TARGET, usePinwheel } from './pinwheel.ts';

const run = promisify(execFile);
const pinwheel = await usePinwheel();

describe('paths by the rules of Windows', () => {
  test.each([
    [String.raw`C:\app`, String.raw`C:\app\src`, true],
    [String.raw`C:\app`, String.raw`c:\APP`, true],
    [String.raw`C:\app`, String.raw`C:\app\..worker`, true],
    [String.raw`C:\app`, String.raw`C:\apple`, false],
    [String.raw`C:\app`, String.raw`D:\app\src`, false],
    [String.raw`\\host\share\app`, String.raw`\\host\other\app`, false],
  ])('%s around %s: %s', (folder, path, expected) => {
    expect(isWithin(folder, path, win32)).toBe(expected);
  });

  test('settings have them with slashes', () => {
    expect(pathFrom(String.raw`C:\app\dist`, String.raw`C:\app\My assets`, win32)).toBe('../My assets');
    expect(pathFrom(String.raw`C:\app`, String.raw`C:\app`, win32)).toBe('.');
    expect(pathFrom(String.raw`C:\app`, String.raw`D:\assets`, win32)).toBe('D:/assets');
  });
});

test.each([
  [['init', 'taken'], 'Name a folder: this is a file.'],
  [['init', 'taken/api'], 'Name another path: a part of this one is a file, not a folder.'],
  [
    ['vendor', 'jinja2', '--to', 'taken/api'],
    'Name another path: a part of this one is a file, not a folder.',
  ],
  [['build', '--to', 'taken/api'], 'Name another path: a part of this one is a file, not a folder.'],
])('a file in the way of %j', async (args, fix) => {
  const cwd = await pinwheel.folderWith({ taken: '', 'wrangler.toml': 'main = "src/entry.py"\n' });
  const { code, stdout, stderr } = await pinwheel.run(args, { cwd });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error: taken.* cannot be used: .*\.\n {2}fix: .*\n$/);
  expect(stderr).toContain(fix);
});

test('an error of a file that is written at once is about the file, and leaves nothing', async () => {
  const cwd = await pinwheel.folderWith({ 'taken/file': '' });
  const file = join(cwd, 'taken');
  const error: NodeJS.ErrnoException = await writeWhole(file, 'text').catch((thrown) => thrown);
  expect(error.path).toBe(file);
  expect(error.message).not.toContain(`.${process.pid}`);
  expect(await readdir(cwd)).toEqual(['taken']);
});

test('a named pipe in a folder of wheels is not waited for', async () => {
  const cwd = await pinwheel.folderWith({ 'there/real.whl': 'bytes' });
  const filename = 'zig-1.0-py3-none-any.whl';
  await run('mkfifo', [filename], { cwd });
  const { code, stderr } = await pinwheel.run(['resolve', 'zig', '--find-links', '.', ...TARGET], { cwd });
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringContaining(`${filename} cannot be read.`),
  });
  await symlink(join(cwd, 'there/real.whl'), join(cwd, 'linked.whl'));
  const pinned = [filename, 'linked.whl'].map((name) => ({ filename: name, sha256: name }));
  const { others } = await filesAtHand([cwd], pinned);
  expect([...others.keys()]).toEqual(['linked.whl']);
});

test('a file that the disk has no room for stays as it was, and what links to it', async () => {
  const cwd = await pinwheel.folderWith({ 'old.json': 'old' });
  await symlink('old.json', join(cwd, 'link.json'));
  await chmod(join(cwd, 'old.json'), 0o600);
  const args = ['target', ...TARGET, '--json', '-o'];
  for (const file of ['new.json', 'link.json']) {
    const limited = ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, pinwheel.script, ...args, file];
    const { status, stderr } = spawnSync('bash', limited, { cwd, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringContaining(`${file} cannot be used: EFBIG`),
    });
    expect((await readdir(cwd)).sort()).toEqual(['link.json', 'old.json']);
    expect(await readFile(join(cwd, 'old.json'), 'utf8')).toBe('old');
  }
  expect((await pinwheel.run([...args, 'link.json'], { cwd })).code).toBe(0);
  expect((await lstat(join(cwd, 'link.json'))).isSymbolicLink()).toBe(true);
  expect((await stat(join(cwd, 'old.json'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(cwd, 'old.json'), 'utf8')).toMatch(/^\{"registry"/);
});

test('a file that may be written is, though its folder may not', async () => {
  const user = process.geteuid!();
  // Root may write into every folder.
  if (user === 0) process.seteuid!(65_534);
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-'));
  try {
    const file = join(folder, 'old.json');
    await writeFile(file, 'old');
    await chmod(folder, 0o555);
    await writeWhole(file, 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    await expect(writeWhole(join(folder, 'new.json'), 'new')).rejects.toThrow('EACCES');
    expect(await readdir(folder)).toEqual(['old.json']);
  } finally {
    process.seteuid!(user);
    await chmod(folder, 0o755);
    await rm(folder, { recursive: true });
  }
});

test('a full disk that standard output goes to', () => {
  const full = openSync('/dev/full', 'w');
  try {
    for (const args of [['--help'], ['target', ...TARGET], ['target', ...TARGET, '--json']]) {
      const { status, stderr } = spawnSync(process.execPath, [pinwheel.script, ...args], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      expect(status).toBe(3);
      expect(stderr).toMatch(/Standard output cannot be used: ENOSPC: .*Free some space/s);
    }
  } finally {
    closeSync(full);
  }
});

describe('pinwheel init', () => {
  test('without a name writes nothing', async () => {
    const cwd = await pinwheel.folderWith({});
    expect(await pinwheel.run(['init', ''], { cwd })).toMatchObject({ code: 2, stdout: '' });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('prints the next commands as a shell takes them', async () => {
    const cwd = await pinwheel.folderWith({});
    const { stdout } = await pinwheel.run(['init', "Ada's API"], { cwd });
    const [, next] = /^Next: (.*) && npm install && npm run build && npx wrangler dev$/m.exec(stdout) ?? [];
    const { stdout: names } = await run('sh', ['-c', `${next} && ls`], { cwd });
    expect(names).toBe('package.json\npyproject.toml\nsrc\nwrangler.toml\n');
  });

  test('leaves a package.json as it is, and says what to add', async () => {
    const theirs = '{ "private": true }';
    const cwd = await pinwheel.folderWith({ 'package.json': theirs });
    const { stdout } = await pinwheel.run(['init'], { cwd });
    expect(stdout).toMatch(
      /^Next: npm install --save-dev pinwheel-py@file:\S+ '?wrangler@\^[\d.]+'? && npx pinwheel build && /m,
    );
    expect(await readFile(join(cwd, 'package.json'), 'utf8')).toBe(theirs);
  });

  test('makes a Worker that check and diff judge as build makes it, at every date', async () => {
    const cwd = await pinwheel.folderWith({});
    await pinwheel.run(['init', '--template', 'fastapi'], { cwd });
    // From 2026-04-21 on, the Python of workerd has no SDK.
    const late = ['--date', '2026-11-01', '--as-of', '2026-11-20'];
    expect(await pinwheel.run(['check', ...late], { cwd })).toMatchObject({ code: 0 });
    const moved = await pinwheel.run(
      ['diff', '--from', '2026-04-01', '--to', '2026-05-01', '--as-of', '2026-11-20'],
      { cwd },
    );
    expect(moved.stdout).toContain('This Worker is not affected');
    const file = join(cwd, 'pyproject.toml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('built = true', 'built = false'));
    expect(await pinwheel.run(['check', ...late], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('workers-runtime-sdk'),
    });
  });

  test('requires the Node that build and wrangler need', async () => {
    const cwd = await pinwheel.folderWith({});
    await pinwheel.run(['init'], { cwd });
    const { engines } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'));
    const oldest = minVersion(engines.node)!;
    expect(oldest.version).toBe('24.0.0');
    expect(satisfies(oldest, wranglerPackage.engines.node)).toBe(true);
  });
});
