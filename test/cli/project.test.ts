/** The project that a command finds by itself: its wrangler file, its environment, and what it requires. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { root } from '../../scripts/root.ts';
import { TARGET, usePinwheel, wranglerToml } from './pinwheel.ts';

const pinwheel = await usePinwheel();

const AS_OF = ['--as-of', '2026-11-20'];
const WRANGLER = wranglerToml(undefined, undefined, '[env.next]\ncompatibility_date = "2026-11-01"\n');

async function names(args: readonly string[], cwd: string, env = {}): Promise<string[]> {
  const { stdout } = await pinwheel.run([...args, ...AS_OF, '--json'], { cwd, env });
  const { packages } = JSON.parse(stdout) as { packages: { name: string; requested?: boolean }[] };
  return packages
    .filter(({ requested = true }) => requested)
    .map(({ name }) => name)
    .sort();
}

async function target(args: readonly string[], cwd: string, env = {}) {
  const { code, stdout, stderr } = await pinwheel.run(['target', ...args, ...AS_OF, '--json'], { cwd, env });
  if (code !== 0) return { code, stderr };
  const { compatibility_date: date, compatibility_flags: flags } = JSON.parse(stdout);
  return { date, flags };
}

describe('without requirements on the command line', () => {
  test('resolve, vendor and why use those of the project, and say which', async () => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'requirements.txt': 'six\n',
      'pyproject.toml': '[project]\ndependencies = ["idna"]\n[dependency-groups]\ndev = ["attrs"]\n',
      'src/entry.py': 'Default = entrypoint()\n',
    });
    const { code, stderr } = await pinwheel.run(['resolve', ...AS_OF], { cwd });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'info: Using wrangler.toml: date 2025-11-02, flags python_workers.\n' +
        'info: Using what requirements.txt and pyproject.toml require.\n',
    });
    expect(await names(['resolve'], cwd)).toEqual(['idna', 'six']);
    expect(await names(['resolve', '--group', 'dev'], join(cwd, 'src'))).toEqual(['attrs', 'idna', 'six']);
    expect(await names(['vendor', '--dry-run'], cwd)).toEqual(['idna', 'six']);
    expect((await pinwheel.run(['why', 'six', ...AS_OF], { cwd })).stdout).toContain(
      'six 1.17.0 is requested',
    );
    expect(await names(['resolve', 'attrs'], cwd)).toEqual(['attrs']);
  });

  test('a folder without a wrangler file is a project too', async () => {
    const cwd = await pinwheel.folderWith({ 'requirements.txt': 'six\n' });
    const { code, stderr } = await pinwheel.run(['resolve', ...TARGET], { cwd });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'info: Using what requirements.txt requires.\n',
    });
    expect((await pinwheel.run(['resolve', ...TARGET])).stderr).toContain('There is nothing to resolve.');
  });
});

describe('the wrangler file', () => {
  test('is searched upwards, each name in all folders before the next, as by wrangler', async () => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'a/b/x': '',
      'a/wrangler.toml': WRANGLER.replace('2025-11-02', '2025-11-03'),
    });
    expect(await target([], join(cwd, 'a/b'))).toMatchObject({ date: '2025-11-03' });
    const { stderr } = await pinwheel.run(['target', ...AS_OF], { cwd: join(cwd, 'a/b') });
    expect(stderr).toContain('Using ../wrangler.toml: date 2025-11-03');
    const json = await pinwheel.folderWith({
      'wrangler.json': '{"compatibility_date": "2025-11-04", "compatibility_flags": ["python_workers"]}',
      'a/wrangler.toml': WRANGLER,
    });
    expect(await target([], join(json, 'a'))).toMatchObject({ date: '2025-11-04' });
  });

  test('is read for --env, or for CLOUDFLARE_ENV, and an empty name means the top level', async () => {
    const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER });
    const env = { CLOUDFLARE_ENV: 'next' };
    expect(await target([], cwd, env)).toMatchObject({ date: '2026-11-01' });
    expect(await target(['--env', ''], cwd, env)).toMatchObject({ date: '2025-11-02' });
    expect(await target(['--env', 'next'], cwd)).toMatchObject({ date: '2026-11-01' });
    const named = await pinwheel.run(['target', '--config', 'wrangler.toml', ...AS_OF], { cwd, env });
    expect(named.stderr).toContain('Using wrangler.toml, environment next: date 2026-11-01');
  });

  test('without environments is read at its top level for any, with a warning', async () => {
    const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER.replace(/\[env[\s\S]*/, '') });
    expect(await target(['--env', 'next'], cwd)).toMatchObject({ date: '2025-11-02' });
    const { stderr } = await pinwheel.run(['target', '--env', 'next', ...AS_OF], { cwd });
    expect(stderr).toContain('warning: wrangler.toml has no environment "next".');
  });

  test('provides what the options leave out: --date replaces only the date, --flag only the flags', async () => {
    const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER });
    expect(await target(['--date', '2026-11-01'], cwd)).toEqual({
      date: '2026-11-01',
      flags: ['python_workers'],
    });
    const flags = ['python_workers', 'no_python_workers_314'];
    expect(
      await target(
        flags.flatMap((flag) => ['--flag', flag]),
        cwd,
      ),
    ).toEqual({ date: '2025-11-02', flags });
  });

  test('may be accompanied by a package set, which check proposes and which then works', async () => {
    const project = {
      'wrangler.toml': wranglerToml(),
      'src/entry.py': 'import PIL.Image\nDefault = entrypoint()\n',
      'requirements.txt': 'pillow\n',
    };
    const refused = await pinwheel.run(['check', ...AS_OF], {
      cwd: await pinwheel.folderWith(project),
    });
    expect(refused.code).toBe(1);
    const [, flag, line] =
      /--flag (\S+), or permanently with (package-set = "\S+")/.exec(refused.stdout) ?? [];
    expect(flag).toBe('python_3.13_packages_2025_09_22');
    const cwd = await pinwheel.folderWith({ ...project, 'pyproject.toml': `[tool.pinwheel]\n${line}\n` });
    for (const given of [[], ['--flag', flag!]]) {
      const { code, stdout } = await pinwheel.run(['check', ...given, ...AS_OF, '--json'], { cwd });
      const { target } = JSON.parse(stdout);
      expect({ code, flag: target.package_set.flag, flags: target.workerd_flags }).toEqual({
        ...{ code: 0, flag, flags: ['python_workers'] },
      });
      expect(target.runtime.pyodide).toBe('0.28.2');
    }
    // Named flags of workerd replace those of the file.
    expect(await target(['--flag', 'python_workers'], cwd)).toMatchObject({ flags: ['python_workers'] });
    const wrong = await pinwheel.folderWith({
      ...project,
      'pyproject.toml': '[tool.pinwheel]\npackage-set = 1\n',
    });
    const { code, stderr } = await pinwheel.run(['target', ...AS_OF], { cwd: wrong });
    expect(code).toBe(2);
    expect(stderr).toContain('package-set in pyproject.toml has to be a package flag.');
  });
});

describe('what is missing', () => {
  test('is reported first, and then what resolves without it', async () => {
    const args = ['resolve', 'six', 'numppy', 'idna', 'nothere', ...TARGET];
    const { code, stdout, stderr } = await pinwheel.run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: [\s\S]*"numppy"[\s\S]*error: [\s\S]*"nothere"[\s\S]*\ninfo: Without numppy, nothere, 2 packages resolve: six 1\.17\.0, idna 3\.10\.\n$/,
    );
    const json = await pinwheel.run([...args, '--json']);
    expect(
      json.stderr
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).severity),
    ).toEqual(['error', 'error']);
  });
});

describe('the name of a file', () => {
  test('instead of a requirement is a mistake', async () => {
    const long = `sub/${'long'.repeat(55)}.txt`;
    const files = ['requirements.txt', 'sub/r.txt', "sub/it's a.txt", long];
    const cwd = await pinwheel.folderWith(Object.fromEntries(files.map((file) => [file, 'six'])));
    for (const file of files) {
      const { code, stderr } = await pinwheel.run(['resolve', file, ...TARGET], { cwd });
      const word = file.includes(' ') ? `'sub/it'\\''s a.txt'` : file;
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: `error: ${file} is a file, not a requirement.\n  fix: Did you mean -r ${word}?\n`,
      });
      expect((await pinwheel.run(['resolve', '-r', file, ...TARGET], { cwd })).code).toBe(0);
    }
  });
});

describe('pylock.toml', () => {
  test('written by resolve resolves to the same packages', async () => {
    const flag = ['--flag', 'python_3.13_packages_2025_09_22', ...AS_OF];
    const { stdout } = await pinwheel.run(['resolve', 'jinja2', ...flag, '--format', 'pylock']);
    const cwd = await pinwheel.folderWith({ 'pylock.toml': stdout, 'pylock.dev.toml': stdout });
    for (const file of ['pylock.toml', 'pylock.dev.toml']) {
      const again = await pinwheel.run(['resolve', '-r', file, ...flag, '--json'], { cwd });
      expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(again.stdout).packages.map((member: { name: string }) => member.name)).toEqual([
        'markupsafe',
        'jinja2',
      ]);
    }
  });

  test('keeps markers, and says what it skips and what is wrong', async () => {
    const text = `lock-version = "1.0"\n[[packages]]\nname = "six"\nversion = "1.17.0"\n
[[packages]]\nname = "numpy"\nversion = "9"\nmarker = "sys_platform == 'win32'"\n
[[packages]]\nname = "mine"\ndirectory = {path = "."}\n`;
    const cwd = await pinwheel.folderWith({ 'pylock.toml': text, 'pylock.old.toml': 'lock-version = "2"' });
    const { code, stdout, stderr } = await pinwheel.run(['resolve', '-r', 'pylock.toml', ...TARGET], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1 package,') });
    expect(stderr).toContain('has no versions of these packages, which are skipped: mine.');
    const old = await pinwheel.run(['resolve', '-r', 'pylock.old.toml', ...TARGET], { cwd });
    expect(old).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no lock-version that pinwheel supports'),
    });
  });
});

describe('hashes', () => {
  const flag = 'python_3.13_packages_2025_09_22';
  const { packages } = JSON.parse(readFileSync(join(root, `data/sets/${flag}.json`), 'utf8'));
  const six = packages.find((candidate: { name: string }) => candidate.name === 'six').sha256;
  const ask = async (text: string) => {
    const cwd = await pinwheel.folderWith({ 'r.txt': text });
    return pinwheel.run(['resolve', '-r', 'r.txt', '--flag', flag, ...AS_OF], { cwd });
  };

  test('must include that of the wheel', async () => {
    const other = '0'.repeat(64);
    expect(await ask(`six --hash=sha256:${other} --hash=sha256:${six}\n`)).toMatchObject({
      code: 0,
      stderr: '',
    });
    const { code, stdout, stderr } = await ask(`idna\nsix \\\n  --hash=sha256:${other}\n`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`pins, sha256:${six}.\n  in:  r.txt, line 2\n`);
    // The proposed fix works.
    const [fix] = /--hash=sha256:[0-9a-f]{64}(?= if)/.exec(stderr)!;
    expect((await ask(`idna\nsix --hash=sha256:${other} ${fix}\n`)).code).toBe(0);
  });

  test('of other kinds cannot be compared, and those of packages that are not installed are ignored', async () => {
    const sha512 = await ask(`six --hash=sha512:${'0'.repeat(128)}\n`);
    expect(sha512).toMatchObject({ code: 0, stderr: expect.stringContaining('are not compared') });
    const marked = `six; sys_platform == "win32" --hash=sha256:${'0'.repeat(64)}\n`;
    expect(await ask(marked)).toMatchObject({ code: 0, stderr: '' });
  });

  test('are a finding of check, at their line', async () => {
    const cwd = await pinwheel.folderWith({
      'r.txt': `idna\nsix --hash=sha256:${'0'.repeat(64)}\n`,
      'entry.py': 'import six, idna\nDefault = entrypoint()\n',
    });
    const { code, stdout } = await pinwheel.run(['check', '-r', 'r.txt', '--flag', flag, ...AS_OF], { cwd });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^r\.txt:2:1\n {2}error: No hash of/),
    });
  });
});

describe('a broken pyproject.toml', () => {
  test.each([
    ['check'],
    ['diff', '--to', '2026-11-01'],
    ['resolve'],
    ['why', 'six'],
    ['vendor', '--dry-run'],
  ])('is not ignored: %s', async (...args) => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'src/entry.py': 'Default = entrypoint()\n',
      'pyproject.toml': '[project\ndependencies = ["six"]\n',
    });
    const { code, stderr } = await pinwheel.run([...args, ...AS_OF], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('pyproject.toml could not be parsed:'),
    });
  });

  test('that is for tools only is ignored', async () => {
    const files = {
      'wrangler.toml': WRANGLER,
      'src/entry.py': 'Default = entrypoint()\n',
      'pyproject.toml': '[tool.ruff]\n',
    };
    const { code, stderr } = await pinwheel.run(['check', ...AS_OF], {
      cwd: await pinwheel.folderWith(files),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test('an extra and a group differ', async () => {
  const cwd = await pinwheel.folderWith({
    'pyproject.toml':
      '[project]\nname = "w"\n[project.optional-dependencies]\nweb = ["six"]\n[dependency-groups]\ndev = ["idna"]\n',
  });
  const ask = async (...args: string[]) =>
    (await pinwheel.run(['resolve', ...args, ...TARGET], { cwd })).stderr;
  expect(await ask('--group', 'web')).toContain('It has an extra of that name: write --extra web.');
  expect(await ask('--extra', 'dev')).toContain('It has a group of that name: write --group dev.');
});

test('--quiet prints only the answer and errors', async () => {
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER, 'requirements.txt': '--pre\nsix' });
  const loud = await pinwheel.run(['resolve', ...AS_OF], { cwd });
  expect(loud.stderr).not.toBe('');
  for (const option of ['-q', '--quiet']) {
    expect(await pinwheel.run(['resolve', option, ...AS_OF], { cwd })).toEqual({
      code: 0,
      stdout: 'Package  Version  Why\nsix      1.17.0   requested\n',
      stderr: '',
    });
  }
  const wrong = await pinwheel.run(['resolve', 'nothere', '-q', ...AS_OF], { cwd });
  expect(wrong.stderr).toMatch(/^error: /);
});

test('--quiet leaves out the steps of builds and tries, too', async () => {
  // Modules of their own, since what is left out counts for the process.
  vi.resetModules();
  const { output } = await import('../../cli/print/table.ts');
  const { terminal } = await import('../../cli/print/progress.ts');
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  terminal.step('Importing');
  output.detail = 'answer';
  terminal.step('Sending');
  const written = write.mock.calls.map(([text]) => text);
  write.mockRestore();
  expect(written).toEqual(['Importing\n']);
});

test('a lock is written only if it changes', async () => {
  const wrangler = wranglerToml('2026-11-01');
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': wrangler, 'requirements.txt': 'six' });
  const lock = async () => (await pinwheel.run(['lock', ...AS_OF], { cwd })).stdout.split('\n').at(-2);
  expect([await lock(), await lock()]).toEqual(['Wrote pylock.toml.', 'pylock.toml is up to date.']);
});
