import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Remark } from '../../cli/common/listener.ts';
import { fixOf } from '../../cli/print/remarks.ts';
import { type BuildOptions, requestOf } from '../../cli/project/build.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import { root } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { CACHE } from '../runtime/project.ts';
import { makeSoundWheel, metadataOf } from '../zip.ts';
import { TARGET, usePinwheel, wranglerToml } from './pinwheel.ts';

const pinwheel = await usePinwheel();

async function resolve(files: Record<string, string>, ...args: string[]) {
  const cwd = await pinwheel.folderWith(files);
  const { code, stdout, stderr } = await pinwheel.run(['resolve', ...args, ...TARGET, '--json'], { cwd });
  const said = stderr
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const packages: { name: string; requested: boolean }[] = code === 0 ? JSON.parse(stdout).packages : [];
  return {
    code,
    requested: packages
      .filter((member) => member.requested)
      .map(({ name }) => name)
      .sort(),
    count: packages.length,
    said: said.map(({ severity, message, where }) => [severity, message, where].filter(Boolean).join(' | ')),
  };
}

describe('constraints', () => {
  test('require nothing, and change nothing if they are satisfied', async () => {
    const plain = await resolve({}, 'httpx');
    const files = {
      'c.txt': 'httpx<1\nnumpy==99\nno-such-package\nsniffio>=1\nanyio<1; sys_platform == "linux"',
    };
    expect(await resolve(files, 'httpx', '-c', 'c.txt')).toEqual({ ...plain, said: [] });
    expect(await resolve({ ...files, 'r.txt': 'httpx\n-c c.txt' }, '-r', 'r.txt')).toEqual({
      ...plain,
      said: [],
    });
  });

  test('reject other pins, anywhere in the closure', async () => {
    const files = { 'r.txt': 'fastapi\n-c c.txt', 'c.txt': 'numpy==99\nsniffio<1 # indirect\nfastapi<0.1' };
    const { code, said } = await resolve(files, '-r', 'r.txt');
    expect(code).toBe(1);
    const pins = 'cannot be satisfied: the package set python_3.13_packages_2025_08_08 pins';
    expect(said).toEqual([
      `error | sniffio<1 ${pins} sniffio 1.3.1. | c.txt, line 2`,
      `error | fastapi<0.1 ${pins} fastapi 0.116.1. | c.txt, line 3`,
    ]);
  });

  test('and hashes that a lock would not keep are told as by resolve', async () => {
    const digest = '0'.repeat(64);
    const cwd = await pinwheel.folderWith({ 'r.txt': `six --hash=sha256:${digest}`, 'c.txt': 'sniffio<1' });
    for (const [name, asked] of [
      ['sniffio<1', ['anyio', '-c', 'c.txt']],
      ['six', ['-r', 'r.txt']],
    ] as const) {
      const [locked, resolved] = await Promise.all(
        ['lock', 'resolve'].map((command) => pinwheel.run([command, ...asked, ...TARGET], { cwd })),
      );
      expect([locked!.code, locked!.stdout]).toEqual([1, '']);
      expect(locked!.stderr).toContain(name);
      expect(resolved!.stderr).toContain(locked!.stderr);
    }
  });

  test('are parsed like requirements, without extras', async () => {
    const files = { 'c.txt': 'httpx[http2]<1\nnumpy=1\nx @ https://h.example/x.whl' };
    const { code, said } = await resolve(files, 'six', '-c', 'c.txt');
    expect(code).toBe(2);
    expect(said.map((line) => line.replace(/\n[\s\S]*(?= \|)/, ''))).toEqual([
      'error | The constraint httpx[http2]<1 has extras, which only a requirement can ask for. | c.txt, line 1',
      'error | Expected a specifier such as >=1.0, `;` or the end, found `=`, at column 6: | c.txt, line 2',
      'error | A URL is not accepted as a requirement, at column 3: | c.txt, line 3',
    ]);
  });

  test('with a meaningless marker are rejected if they would apply', async () => {
    const files = { 'c.txt': 'httpx<0.1; os_name ~= "posix"' };
    expect(await resolve(files, 'six', '-c', 'c.txt')).toMatchObject({ code: 0 });
    expect(await resolve(files, 'httpx', '-c', 'c.txt')).toMatchObject({
      code: 2,
      said: [expect.stringContaining('cannot be evaluated')],
    });
  });

  test('are not enough for a question', async () => {
    const cwd = await pinwheel.folderWith({ 'c.txt': 'six' });
    const { code, stderr } = await pinwheel.run(['resolve', '-c', 'c.txt', ...TARGET], { cwd });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to resolve'),
    });
  });
});

describe('a pyproject.toml', () => {
  test('is named in messages about its requirements', async () => {
    const placesOf = async (...dependencies: string[]) => {
      const text = `[project]\ndependencies = ${JSON.stringify(dependencies)}`;
      const { code, said } = await resolve({ 'pyproject.toml': text }, '-r', 'pyproject.toml');
      return [code, ...said.map((line) => line.split(' | ').at(-1))];
    };
    const entry = (at: number) => `pyproject.toml, project.dependencies, entry ${at}`;
    const conflicts = ['six', 'numpy>=99', 'no-such-thing'];
    expect(await placesOf(...conflicts, 'a=1')).toEqual([2, entry(4)]);
    expect(await placesOf(...conflicts)).toEqual([1, entry(2), entry(3)]);
  });

  test('may require another Python, or have an invalid requires-python', async () => {
    const project = (python: string) => ({ 'pyproject.toml': `[project]\nrequires-python = "${python}"` });
    expect((await resolve(project('>=3.14'), '-r', 'pyproject.toml')).said).toEqual([
      'warning | pyproject.toml, project.requires-python requires Python >=3.14, but this target has Python 3.13.2.',
    ]);
    expect((await resolve(project('3.14'), '-r', 'pyproject.toml')).said).toEqual([
      'warning | pyproject.toml, project.requires-python is skipped: it is not a version specifier.',
    ]);
  });
});

describe('pylock', () => {
  test('is not written if it would be incomplete, and says what to do', async () => {
    const pinned = ['--flag', 'python_3.13_packages_2025_09_22', '--format', 'pylock'];
    // A library that a wheel of it loads is an archive.
    const library = await pinwheel.run(['resolve', 'scipy', ...pinned]);
    expect(library).toMatchObject({ code: 1, stdout: '' });
    expect(library.stderr).toMatch(/error: A file for installers cannot list libopenblas: /);
    expect(library.stderr).toContain('Let pinwheel build unpack them, or');
    // One that only the standard library loads comes with the runtime.
    const inRuntime = await pinwheel.run(['resolve', 'ssl', 'idna', ...pinned]);
    expect(inRuntime.code, inRuntime.stderr).toBe(0);
    expect(inRuntime.stdout.match(/^name = .*$/gm)).toEqual(['name = "idna"', 'name = "ssl"']);
    for (const question of [
      ['lock', '--format', 'pylock'],
      ['resolve', '--format', 'requirements'],
    ]) {
      const ended = await pinwheel.run([...question, 'fastapi', ...TARGET]);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain('Let pinwheel vendor or pinwheel build unpack them');
    }
    const archives = await pinwheel.run(['resolve', 'fastapi', ...TARGET, '--format', 'pylock']);
    expect(archives).toMatchObject({ code: 1, stdout: '' });
    expect(archives.stderr).toMatchInlineSnapshot(`
      "info: workerd 1.20260609.1 embeds python_3.13_packages_2025_08_08; workerd 1.20261117.1 does not. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.13_packages_2025_08_08 with your requirements.
      info: pip, uv and pylock.toml need wheels, but the set has archives of annotated-types, sniffio, typing-extensions, anyio, httpx and 6 more.
        fix: pinwheel vendor unpacks them. Or name python_3.13_packages_2026_11_20, a set of wheels for the same ABI.
      error: A file for installers cannot list annotated-types, sniffio, typing-extensions, anyio, httpx, markupsafe, jinja2, pydantic-core, pydantic, starlette, fastapi: python_3.13_packages_2025_08_08 has archives of them, and pip and uv install only wheels.
        fix: Name the package flag python_3.13_packages_2026_11_20: it has fastapi 0.116.1 and runs on this runtime, Pyodide 0.28.2.
             Let pinwheel vendor or pinwheel build unpack them, or use pinwheel resolve --format pyodide-lock.
      "
    `);
  });
});

test('a set of wheels is proposed for what it has, not for what comes from an index', async () => {
  const cwd = await pinwheel.folderWith({});
  const metadata = `${metadataOf('zig', '1.0')}Requires-Dist: six\n`;
  await writeFile(join(cwd, 'zig-1.0-py3-none-any.whl'), await makeSoundWheel('zig', '1.0', { metadata }));
  const args = ['resolve', 'zig', '--find-links', '.', ...TARGET, '--format', 'requirements'];
  const { code, stderr } = await pinwheel.run(args, { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/Name the package flag \S+: it has six 1\.17\.0 and runs on this runtime/);
  expect(stderr).not.toContain('has zig');
});

describe('with --json, each line of standard error is a JSON object', () => {
  test('for all members', async () => {
    const cwd = await pinwheel.folderWith({ 'r.txt': 'fastapii\n--pre', 'wrangler.toml': '' });
    const { code, stderr } = await pinwheel.run(['resolve', '-r', 'r.txt', ...TARGET, '--json'], { cwd });
    expect(code).toBe(1);
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        severity: 'warning',
        code: 'option_skipped',
        message: 'r.txt, line 2: --pre is skipped.',
        fix: expect.stringContaining('Nothing needs to be done'),
        fixes: [{ kind: 'advice', text: expect.stringContaining('Nothing needs to be done') }],
      },
      {
        severity: 'error',
        code: 'unknown_package',
        message: 'The package set python_3.13_packages_2025_08_08 has no package "fastapii".',
        fix: 'Did you mean fastapi?',
        requirement: 'fastapii',
        index: 0,
        repeats: [],
        package: 'fastapii',
        package_set: 'python_3.13_packages_2025_08_08',
        near: ['fastapi'],
        providers: [],
        fixes: [{ kind: 'set_requirement', name: 'fastapii', requirement: 'fastapi', because: 'similar' }],
        available: null,
        where: 'r.txt, line 1',
      },
    ]);
  });

  test("like the registry's, without advice about the command line", async () => {
    const { stderr } = await pinwheel.run(['target', '--flag', 'python_workers', '--json']);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        severity: 'error',
        code: 'missing_compatibility_date',
        message: 'Worker must specify compatibilityDate.',
        ...fixed('Give a compatibility date or a package flag.'),
      },
      {
        severity: 'error',
        code: 'python_workers_required',
        message: 'The python_workers compatibility flag is required to use Python.',
        ...fixed(null),
      },
    ]);
  });
});

describe('many requirements that fail', () => {
  const COMMANDS = ['check', 'resolve', 'lock', 'sync', 'build', 'try'];
  const WORKER = { 'wrangler.toml': wranglerToml(), 'src/entry.py': '' };
  /** With wrangler on the path, which `try` looks for first. */
  const env = { PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  const PINS = [
    'Jinja2==2.0',
    'requests [socks] >= 1, < 2.31  # old',
    'numpy==1.25.0',
    'pydantic~=1.0 ; python_version > "3"',
  ];
  const NO_USE = ['psycopg2-binary==2.9', 'celery[redis]>=5', 'uvicorn==0.30', 'gunicorn', 'workers'];
  const TOML = `[project]\nname = "a"\nversion = "1"\ndependencies = ${JSON.stringify(['httpx', ...PINS.map((pin) => pin.replace(/ *#.*/, '')), ...NO_USE])}\n`;

  test.each([
    ['requirements.txt', ['httpx', ...PINS, ...NO_USE, ''].join('\n')],
    ['pyproject.toml', TOML],
  ])(
    'are grouped by their reasons, and the command that relaxes the pins of %s works',
    async (file, text) => {
      const cwd = await pinwheel.folderWith({ ...WORKER, [file]: text });
      const ask = async (...args: string[]) => {
        const { stdout, stderr } = await pinwheel.run(args, { cwd, env });
        return stdout + stderr;
      };
      const said = await ask('resolve');
      expect(said.match(/^error: .*/gm)).toEqual([
        expect.stringMatching(
          /^error: 4 requirements differ from the pins of python_3\.13_packages_2025_08_08: jinja2==3\.1\.6, requests\[socks\]==2/,
        ),
        'error: 2 requirements cannot run in a Worker:',
        'error: 2 requirements are not needed in a Worker:',
        expect.stringContaining('has no package "workers"'),
      ]);
      expect(said).toMatch(/^ {2}psycopg2-binary: it is compiled .* Hyperdrive/m);
      for (const command of COMMANDS) {
        const told = await ask(command);
        expect(told, command).toContain('4 requirements differ from the pins of python_3.13');
        expect(told, command).toContain('2 requirements cannot run in a Worker:\n');
        expect(told, command).toContain('celery: its workers are processes');
        expect(told, command).toContain('2 requirements are not needed in a Worker:\n');
      }
      // With JSON, each has its own.
      expect((await ask('resolve', '--json')).split('"code":"version_conflict"')).toHaveLength(5);

      const [command] = /^sed .*$/m.exec(said)!;
      await promisify(execFile)('sh', ['-c', command], { cwd });
      const relaxed = await ask('resolve', '--json');
      expect(relaxed).not.toContain('version_conflict');
      expect(relaxed.split('"code":"unknown_package"')).toHaveLength(NO_USE.length + 1);
      const lines = await readFile(join(cwd, file), 'utf8');
      expect(lines).toContain(
        file.endsWith('.toml') ? '"pydantic ; python_version' : 'requests [socks]  # old',
      );
      expect(await readFile(join(cwd, `${file}.orig`), 'utf8')).toBe(text);
    },
  );

  test.each(COMMANDS)('have one fix by %s if a set of another Pyodide has them all', async (command) => {
    const cwd = await pinwheel.folderWith({
      ...WORKER,
      'pyproject.toml': '[tool.pinwheel]\nbuilt = true\npackage-set = "python_3.13_packages_2025_10_20"\n',
      'requirements.txt': 'pandas\nduckdb\npolars\n',
    });
    const { code, stdout, stderr } = await pinwheel.run([command], { cwd, env });
    const said = stdout + stderr;
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringMatching(
        /Name the package flag \S+ instead of \S+: it has duckdb [\d.]+ and polars [\d.]+ and needs Pyodide/,
      ),
    });
    expect(said.match(/fix: Name the package flag/g)).toHaveLength(1);
  });

  test('are told in one sentence if no set satisfies them, apart from those that another set has', async () => {
    // Sets have lxml, in other versions.
    const requirements = 'alembic==1.7.7\namqp\npandas\nboto3\ncelery\nlxml==4.9.3\n';
    const cwd = await pinwheel.folderWith({ ...WORKER, 'requirements.txt': requirements });
    const set = 'python_3.13_packages_2025_08_08';
    const where = `in:  ${[1, 2, 4, 6].map((line) => `requirements.txt, line ${line}`).join('; ')}`;
    const index = 'An index may have them: --index for PyPI, or --index-url URL.';
    const resolved = (await pinwheel.run(['resolve'], { cwd })).stderr;
    expect(resolved).toContain(
      `error: 4 requirements are not in the package set ${set}: alembic, amqp, boto3, lxml.\n  ${where}\n  fix: No set satisfies them. ${index}\n`,
    );
    expect(resolved.match(/^error: .*/gm)).toHaveLength(3);
    expect(resolved).toMatch(/has no package "pandas"\.\n.*\n {2}fix: Name the package flag /);
    expect((await pinwheel.run(['lock'], { cwd })).stderr).toBe(resolved);
  });

  test('are told in one sentence if another set has them all, which then resolves them', async () => {
    const requirements = 'pandas\npillow\nshapely\n';
    const cwd = await pinwheel.folderWith({ ...WORKER, 'requirements.txt': requirements });
    const asked = ['-r', 'requirements.txt'];
    const { stderr } = await pinwheel.run(['resolve', ...asked], { cwd });
    expect(stderr.match(/^error: .*/gm)).toEqual([
      'error: 3 requirements are not in the package set python_3.13_packages_2025_08_08: pandas, pillow, shapely.',
    ]);
    const has = /: it has pandas \S+, pillow \S+ and shapely \S+ and runs on this runtime/;
    const said = new RegExp(`^  fix: Name the package flag (\\S+)${has.source}`, 'm').exec(stderr)!;
    expect(stderr.match(/Name it with --flag/g)).toHaveLength(1);
    expect((await pinwheel.run(['check', ...asked], { cwd })).stdout).toMatch(has);
    const moved = await pinwheel.run(['resolve', ...asked, '--flag', said[1]!, '-q'], { cwd });
    expect(moved).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a build warns about HTTP clients that open sockets', () => {
  const SET = {
    info: { abi_version: '2025_0', arch: 'wasm32', platform: 'emscripten_4_0_9', python: '3.13.2' },
    packages: Object.fromEntries(
      ['aiohttp', 'caller'].map((name) => {
        const entry = {
          ...{ name, version: '1.0', file_name: `${name}-1.0-py3-none-any.whl`, sha256: '0'.repeat(64) },
          ...{ depends: name === 'caller' ? ['aiohttp'] : [], imports: [], install_dir: 'site' },
          ...{ package_type: 'package', unvendored_tests: false },
        };
        return [name, entry];
      }),
    ),
  };
  const FETCH = 'Send requests with fetch of the module workers instead.';

  /** The warnings, with their fixes on a command line. */
  async function warningsOn(
    requirements: string,
    options: Partial<BuildOptions> = {},
    vendored: Record<string, string> = {},
  ) {
    const files = {
      'wrangler.toml': wranglerToml(),
      'src/entry.py': '',
      'requirements.txt': requirements,
      ...vendored,
    };
    const folder = await pinwheel.folderWith({ ...files, 'set.json': JSON.stringify(SET) });
    const warnings: string[][] = [];
    const remarks = (all: readonly Remark[]) => {
      const told = all.filter(({ severity }) => severity === 'warning');
      warnings.push(...told.map((remark) => [remark.message, fixOf(remark) ?? '']));
    };
    await requestOf(folder, {
      ...{ config: join(folder, 'wrangler.toml'), requirements: [], flag: [], format: 'table', ...options },
      snapshot: true,
      ...(options.set && { set: join(folder, options.set) }),
      cache: CACHE,
      listener: { remarks, requests: () => {}, downloads: () => ({}), step: () => {} },
    });
    return warnings;
  }

  test('and names the package set that has one patched', async () => {
    // Pyodide has patched this httpx.
    const needed = 'aiohttp\nhttpx\n';
    const [[message, fix = ''] = [], ...others] = await warningsOn(needed);
    expect([message, others]).toEqual([
      'aiohttp 3.11.13 opens sockets, which a Worker does not have: its requests fail.',
      [],
    ]);
    const [, flag] = /^(\S+) has aiohttp \S+, which uses fetch\. Name it with --flag \1, or/.exec(fix)!;
    expect(await warningsOn(needed, { flag: [flag!] })).toEqual([]);
  });

  test('and which option that set replaces', async () => {
    const [[, fix] = []] = await warningsOn('aiohttp\n', { pyodide: '0.29.0' });
    expect(fix).toMatch(/^(\S+) has aiohttp .* Name it with --flag \1, .* Leave out --pyodide\.$/);
  });

  test.each([
    [{ flag: ['python_3.13_packages_2026_11_20'] }, ''],
    [{}, ' Name it with --flag .*'],
  ])('and that the set has one patched in place of what is unpinned, with %j', async (options, hint) => {
    const wheels = newFolder();
    const metadata = `${metadataOf('httpx', '1.0.0')}Requires-Dist: httpcore\n`;
    await writeFile(
      join(wheels, 'httpx-1.0.0-py3-none-any.whl'),
      await makeSoundWheel('httpx', '1.0.0', { metadata }),
    );
    const beyond = { findLinks: [wheels], unpin: ['httpx'], ...options };
    const [[message, fix] = []] = (await warningsOn('httpx\n', beyond)).filter(([text]) =>
      /sockets/.test(text!),
    );
    expect(message).toContain('httpx 1.0.0 opens sockets');
    expect(fix).toMatch(
      new RegExp(
        `^\\S+ has httpx \\S+, which uses fetch\\.${hint} Take httpx from there, not from an index\\.$`,
      ),
    );
  });

  test('of a set of one’s own, too', async () => {
    const [[message, fix] = []] = await warningsOn('caller\naiohttp\n', { set: 'set.json' });
    expect(message).toContain('aiohttp 1.0, which caller requires, opens sockets');
    expect(fix).toBe(FETCH);
    expect(await warningsOn('aiohttp\n', { set: 'set.json' })).toEqual([
      [expect.stringContaining('aiohttp 1.0 opens sockets'), expect.stringMatching(/ Leave out --set\.$/)],
    ]);
  });

  test('in python_modules, unless the build provides them', async () => {
    const vendored = Object.fromEntries(
      ['aiohttp-1.0', 'httpx-1.0', 'httpcore-1.0', 'h11-1.0'].flatMap((name) => {
        const folder = `python_modules/${name}.dist-info`;
        return [
          [`${folder}/METADATA`, ''],
          [`${folder}/RECORD`, `${name}.dist-info/METADATA,,\n`],
        ];
      }),
    );
    const warned = (name: string) => [
      `${name} 1.0 in python_modules opens sockets, which a Worker does not have: its requests fail.`,
      FETCH,
    ];
    expect(await warningsOn('', {}, vendored)).toEqual([warned('aiohttp'), warned('httpx')]);
    // Pyodide has patched this httpx.
    expect(await warningsOn('httpx\n', {}, vendored)).toEqual([warned('aiohttp')]);
    const patched = { 'python_modules/aiohttp-1.0+pinwheel.1.dist-info/METADATA': '' };
    expect(await warningsOn('', {}, patched)).toEqual([]);
  });

  test.each([
    ['aiohttp<3.12', 'python_3.13_packages_2025_10_20'],
    ['httpx', 'python_3.12_packages_2024_12_18'],
  ])('and names the fetch of workers, if no set has %s patched', async (requirement, flag) => {
    expect(await warningsOn(requirement, { flag: [flag] })).toContainEqual([
      expect.stringMatching(/^(?:aiohttp|httpx) \S+ opens sockets/),
      FETCH,
    ]);
  });
});
