/** Beyond the package set: the installed command with an index on loopback, local wheels and a set from a file. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { credentialsIn } from '../../../cli/common/credentials.ts';
import { MARKER_FILE } from '../../../resolver/vendored/folder.ts';
import { root } from '../../../scripts/root.ts';
import { type RunOptions, usePinwheel, wranglerToml } from '../../cli/pinwheel.ts';
import { ending, writeFiles } from '../../common/own.ts';
import { type ServedIndex, serveIndex } from '../../resolver/solver/served-index.ts';
import { metadataOf, wheelOf } from '../../zip.ts';

const pinwheel = await usePinwheel();
let index: ServedIndex;
beforeAll(async () => {
  index = ending(
    await serveIndex({
      django: {
        '5.2': { requires: ['asgiref>=3.8', 'sqlparse'], uploaded: '2026-04-02T09:00:00Z' },
        '6.0': { requires: ['asgiref>=3.9', 'sqlparse'], uploaded: '2026-11-05T09:00:00Z' },
      },
      asgiref: { '3.8': [], '3.9': [] },
      sqlparse: { '0.5': [] },
      kombu: { '5.6.0': [] },
      fastapi: { '0.142.0': ['starlette>=0.50', 'pydantic>=2', 'opentelemetry-api'] },
      starlette: { '1.0.0': ['anyio<5'] },
      'opentelemetry-api': { '1.45.0': ['typing-extensions'] },
      sources: { '1.0': { tags: null } },
      // Strangers' packages under the names of modules that Workers have.
      workers: { '9.9': [] },
      'pyodide-js': { '9.9': [] },
      worse: { '1.0': ['workers'] },
    }),
  );
});

/** A set of wheels, which `--format requirements` has hashes of. */
const ASK = ['--flag', 'python_3.13_packages_2025_09_22', '--date', '2026-10-20', '--as-of', '2026-11-20'];
const WRANGLER = wranglerToml('2026-10-20', [
  'python_workers',
  'no_python_workers_314',
  'disable_python_external_sdk',
]);
/** One of Cloudflare's, with FastAPI. */
const CLOUDFLARE = ['--flag', 'python_3.13_packages_2025_08_08', ...ASK.slice(2)];

/** A project that requires packages, of the index too. */
const pyproject = (...dependencies: string[]) =>
  `[project]\nname = "x"\nversion = "1"\ndependencies = ${JSON.stringify(dependencies)}\n\n[tool.pinwheel]\nindex-url = "${index.url}"\n`;

interface Checked {
  target: { package_set: { flag: string }; diagnostics: object[] };
  findings: { severity: string; code: string; message: string }[];
}

async function check(cwd: string, ...args: string[]): Promise<Checked & { code: number | null }> {
  const { code, stdout } = await pinwheel.run(['check', '--as-of', '2026-11-20', '--json', ...args], { cwd });
  return { ...(JSON.parse(stdout) as Checked), code };
}

async function resolved(args: string[], options?: RunOptions) {
  const { code, stdout, stderr } = await pinwheel.run(['resolve', ...args, '--json'], options);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as {
    index?: object;
    target: { runtime: { pyodide: string }; package_set: { flag: string } };
    packages: { name: string; version: string; origin?: string; wheel: { url: string; sha256: string } }[];
  };
}

const pinsOf = ({ packages }: Awaited<ReturnType<typeof resolved>>) =>
  packages.map(({ name, version }) => `${name}==${version}`);

test.each([
  ['resolve', 'workers', 'Workers'],
  ['resolve', 'pyodide_js', 'Pyodide provides it'],
  ['resolve', '_pyodide', 'Pyodide provides it'],
  ['lock', 'workers', 'workers'],
  ['resolve', 'worse', 'workers'],
])('%s %s takes no package of a stranger for a module of Workers', async (command, name, said) => {
  const { code, stdout, stderr } = await pinwheel.run([command, name, '--index-url', index.url, ...ASK]);
  expect({ code: code === 0, stdout, said: stderr.includes(said) }).toEqual({
    code: false,
    stdout: '',
    said: true,
  });
  expect(index.log.filter((line) => /\/(?:workers|pyodide-js)\//.test(line))).toEqual([]);
  if (name === '_pyodide')
    expect((await pinwheel.run(['resolve', name, ...ASK])).stderr).toContain('Pyodide provides it');
});

/** A local wheel, which requires a package of the set. */
function builtWheel(version: string): Uint8Array {
  const metadata = `${metadataOf('mine', version)}Requires-Dist: idna\n`;
  return wheelOf('mine', version, { 'mine/__init__.py': '' }, { metadata });
}

async function wheelFolder(...versions: string[]): Promise<string> {
  const folder = await pinwheel.folderWith({});
  await mkdir(join(folder, 'wheels'));
  for (const version of versions) {
    await writeFile(join(folder, 'wheels', `mine-${version}-py3-none-any.whl`), builtWheel(version));
  }
  return folder;
}

describe('an index', () => {
  test('answers the command of the README', async () => {
    const readme = await readFile(join(root, 'resolver/README.md'), 'utf8');
    const [, line] = /^npx pinwheel (resolve django .*) --index$/m.exec(readme)!;
    const answer = await resolved([...line!.split(' ').slice(1), '--index-url', index.url]);
    expect(pinsOf(answer)).toContain('django==5.2');
  });

  test('has what the set does not have, up to the compatibility date', async () => {
    const answer = await resolved(['django', 'idna', ...ASK, '--index-url', index.url]);
    expect(answer.packages.map(({ name, version, origin }) => [name, version, origin])).toEqual([
      ['asgiref', '3.9', 'index'],
      ['sqlparse', '0.5', 'index'],
      ['django', '5.2', 'index'],
      ['idna', '3.10', 'set'],
    ]);
    expect(answer.index).toEqual({
      url: index.url,
      exclude_newer: '2026-10-20T23:59:59.999Z',
      exclude_newer_package: {},
      unpin: [],
    });
    const { stdout } = await pinwheel.run(['resolve', 'django', ...ASK, '--index-url', index.url]);
    expect(stdout).toMatch(/^Index +http:\/\/127\.0\.0\.1:\d+\/simple\/\n +uploads up to 2026-10-20\.$/m);
    expect(stdout).toMatch(/^django +5\.2 +\d+ kB +the index +requested$/m);
  });

  test.each([
    [['--exclude-newer', '2026-11-05'], '6.0'],
    [['--exclude-newer', 'false'], '6.0'],
    [['--exclude-newer-package', 'Django=2026-11-05'], '6.0'],
    [['--exclude-newer', 'false', '--exclude-newer-package', 'django=2026-04-02'], '5.2'],
  ])('%j chooses Django %s', async (options, version) => {
    expect(pinsOf(await resolved(['django', ...ASK, '--index-url', index.url, ...options]))).toContain(
      `django==${version}`,
    );
  });

  test('is set in pyproject.toml or in the environment, which overrides it', async () => {
    const project = (text: string) =>
      pinwheel.folderWith({
        'wrangler.toml': WRANGLER,
        'pyproject.toml': `[project]\nname = "x"\nversion = "1"\ndependencies = ["django"]\n\n[tool.pinwheel]\n${text}`,
      });
    const cwd = await project(
      `index-url = "${index.url}"\nexclude-newer = 2026-11-06\nexclude-newer-package = { sqlparse = false }\n`,
    );
    expect(pinsOf(await resolved(['--as-of', '2026-11-20'], { cwd }))).toContain('django==6.0');
    const env = { PINWHEEL_EXCLUDE_NEWER: '2026-10-01' };
    expect(pinsOf(await resolved(['--as-of', '2026-11-20'], { cwd, env }))).toContain('django==5.2');
    const { code, stderr } = await pinwheel.run(['resolve', '--as-of', '2026-11-20', '--no-index'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('No package set has django. An index may have it: --index for PyPI');
    const bare = await pinwheel.folderWith({});
    const answer = await resolved(['django', ...ASK], { cwd: bare, env: { PINWHEEL_INDEX_URL: index.url } });
    expect(pinsOf(answer)).toContain('django==5.2');

    const wrong = await pinwheel.run(['resolve'], {
      cwd: await project('index-url = 1\nexclude_newer = "x"\n'),
    });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      'error: tool.pinwheel has no setting exclude_newer.\n  in:  pyproject.toml\n  fix: Did you mean exclude-newer?',
    );
    expect(wrong.stderr).toContain('Write it as in index-url = "https://pypi.org/simple/".');
  });

  test('is proposed by an issue, and the proposal works', async () => {
    const asked = ['resolve', 'fastapi>=0.140', ...CLOUDFLARE];
    const first = await pinwheel.run(asked);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('--index');
    const second = await pinwheel.run([...asked, '--index-url', index.url]);
    expect(second.code).toBe(1);
    const options = /come from the index: (.*)\.$/m.exec(second.stderr)?.[1]?.split(' ') ?? [];
    expect(options).toEqual(['--unpin', 'fastapi', '--unpin', 'starlette']);
    const third = await pinwheel.run([...asked, '--index-url', index.url, ...options]);
    expect(third.code).toBe(0);
    expect(third.stdout).toContain(
      'fastapi 0.142.0 comes from the index, instead of the 0.116.1 that the package set',
    );
  });

  test('is not proposed where it was asked, and what helps without it helps with it', async () => {
    const ask = [...CLOUDFLARE, '--index-url', index.url];
    const never = await pinwheel.run(['when', 'no-such-package', '--index-url', index.url]);
    expect(never.code).toBe(1);
    expect(never.stderr).toContain('neither has the index');
    expect(never.stderr).not.toContain('may have');
    const { stderr } = await pinwheel.run(['resolve', 'PIL', ...ask]);
    const [, name, flag] = /comes with (\w+): ask for that\. Name the package flag ([\w.]+)/.exec(stderr)!;
    expect(pinsOf(await resolved([name!, '--flag', flag!, ...ask.slice(2)]))).toContain('pillow==11.3.0');
  });

  test('constraints choose among its versions', async () => {
    const cwd = await pinwheel.folderWith({ 'constraints.txt': 'asgiref<3.9\nsomething-else==1\n' });
    const answer = await resolved(['django', ...ASK, '--index-url', index.url, '-c', 'constraints.txt'], {
      cwd,
    });
    expect(pinsOf(answer)).toEqual(['asgiref==3.8', 'sqlparse==0.5', 'django==5.2']);
    await writeFile(join(cwd, 'constraints.txt'), 'asgiref<3\n');
    const { code, stderr } = await pinwheel.run(
      ['resolve', 'django', ...ASK, '--index-url', index.url, '-c', 'constraints.txt'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('which a constraint excludes');
  });

  test.each<[string, string[], number, string]>([
    ['nothing but sources', ['sources', '--index-url', 'INDEX'], 1, 'pip wheel --no-deps sources==1.0'],
    ['an unknown name', ['nothing-here', '--index-url', 'INDEX'], 1, 'and neither has the index'],
    ['no URL', ['django', '--index-url', 'pypi'], 2, 'pypi is not the URL of an index.'],
    [
      'nobody there',
      ['django', '--index-url', 'http://127.0.0.1:1234/simple/'],
      3,
      'http://127.0.0.1:1234/simple/django/ could not be reached: the connection was refused.',
    ],
    [
      'no TLS there',
      ['django', '--index-url', 'TLS'],
      3,
      'could not be reached: TLS failed (wrong version number).\n  fix: Check that the server speaks https.',
    ],
    [
      'no such host',
      ['django', '--index-url', 'https://index.invalid/'],
      3,
      'fix: Check the host name in the URL, and that this machine is online.',
    ],
    [
      'an invalid day',
      ['django', '--index-url', 'INDEX', '--exclude-newer', 'soon'],
      2,
      'soon is neither a day',
    ],
    ['no index', ['django', '--unpin', 'django'], 2, '--unpin needs an index.'],
    [
      'two minds',
      ['django', '--no-index', '--index-url', 'INDEX'],
      2,
      '--no-index and --index-url contradict',
    ],
    ['no day', ['a', '--index-url', 'INDEX', '--exclude-newer-package', 'a'], 2, 'is not NAME=DAY'],
    ['no folder', ['a', '--find-links', 'nowhere'], 3, 'nowhere cannot be read as a folder of wheels.'],
  ])('%s', async (_, args, code, message) => {
    const urls: Record<string, string> = { INDEX: index.url, TLS: index.url.replace('http:', 'https:') };
    const given = args.map((word) => urls[word] ?? word);
    const ended = await pinwheel.run(['resolve', ...given, ...ASK]);
    expect(ended.stderr).toContain(message);
    expect(ended.code).toBe(code);
  });
});

describe('local wheels', () => {
  test('of several folders: what none has is said of all, and an index may have it', async () => {
    const cwd = await pinwheel.folderWith({ 'one/x': '', 'two/x': '' });
    const folders = ['--find-links', 'one', '--find-links', 'two'];
    const { stderr } = await pinwheel.run(['resolve', 'mine', ...ASK, ...folders], { cwd });
    expect(stderr).toMatch(/and neither have the indexes file:\S+\/one\/ and file:\S+\/two\/\./);
    expect(stderr).toContain('fix: An index may have it: --index for PyPI');
  });

  test('in a folder, and as requirements by path and URL', async () => {
    const cwd = await wheelFolder('1.0', '2.0');
    const found = await resolved(['mine', ...ASK, '--find-links', 'wheels'], { cwd });
    expect(found.packages.map(({ name, version, origin }) => [name, version, origin])).toEqual([
      ['idna', '3.10', 'set'],
      ['mine', '2.0', 'index'],
    ]);
    const path = 'wheels/mine-1.0-py3-none-any.whl';
    const url = pathToFileURL(join(cwd, path)).href;
    const sha256 = createHash('sha256').update(builtWheel('1.0')).digest('hex');
    for (const written of [`./${path}`, path, url, `mine @ ${url}`]) {
      const { packages } = await resolved([written, ...ASK], { cwd });
      expect(packages.at(-1)).toMatchObject({
        name: 'mine',
        version: '1.0',
        origin: 'file',
        wheel: { url, sha256 },
      });
    }
  });

  test('are vendored, and their bytes are verified', async () => {
    const cwd = await wheelFolder('1.0');
    // Nothing of the set is installed: its files are elsewhere.
    const dry = await pinwheel.run(
      ['vendor', 'mine', ...ASK, '--find-links', 'wheels', '--dry-run', '--json'],
      { cwd },
    );
    expect(JSON.parse(dry.stdout).packages.map(({ name }: { name: string }) => name)).toEqual([
      'idna',
      'mine',
    ]);
    const { code, stderr } = await pinwheel.run(
      ['vendor', 'django', ...ASK, '--index-url', index.url, '--cache', 'cache', '--to', 'modules'],
      { cwd },
    );
    expect({ code, stderr: stderr.replace(/\d+ (kB|bytes)/g, 'N') }).toMatchObject({ code: 0 });
    expect((await readdir(join(cwd, 'modules'))).filter((name) => !name.startsWith('.')).sort()).toEqual([
      'asgiref',
      'asgiref-3.9.dist-info',
      'django',
      'django-5.2.dist-info',
      'sqlparse',
      'sqlparse-0.5.dist-info',
    ]);
  });
});

describe('local wheels of a project', () => {
  const project = async (requirements: string) => {
    const cwd = await wheelFolder('1.0', '2.0');
    await writeFiles(cwd, {
      'wrangler.toml': WRANGLER,
      'src/entry.py': 'import mine\nDefault = entrypoint()\n',
      'requirements.txt': `${requirements}\n`,
    });
    return cwd;
  };
  const path = 'wheels/mine-1.0-py3-none-any.whl';

  test.each([
    ['a path', () => `./${path}`],
    ['a file: URL', (cwd: string) => pathToFileURL(join(cwd, path)).href],
    ['a name and its URL', (cwd: string) => `mine @ ${pathToFileURL(join(cwd, path)).href}`],
  ])('check and diff take %s', async (_, write) => {
    const cwd = await project('');
    await writeFile(join(cwd, 'requirements.txt'), `${write(cwd)}\n`);
    expect(await check(cwd)).toMatchObject({ code: 0, findings: [] });
    // A wheel for every platform is the same before and after.
    const diff = ['diff', '--as-of', '2026-11-20', '--to', '2026-11-20', '--json'];
    const { code, stdout } = await pinwheel.run(diff, { cwd });
    const { closure, project: found } = JSON.parse(stdout);
    expect({ code, closure }).toMatchObject({ code: 0, closure: { affected: false, failing: [] } });
    expect(found.imports.broken).toEqual([]);
  });

  test('check reads one outside the project, and only that', async () => {
    const cwd = await project(`${index.origin}/files/django-5.2-py3-none-any.whl`);
    await writeFile(join(cwd, 'src/entry.py'), 'import django\nDefault = entrypoint()\n');
    // What Django needs is in no set, and no index is given.
    const message = expect.stringContaining('Because django 5.2 depends on');
    expect(await check(cwd)).toMatchObject({ code: 1, findings: [{ code: 'no_solution', message }] });
    expect(await check(cwd, '--index-url', index.url)).toMatchObject({ code: 0, findings: [] });
  });

  test('check reports a wheel of another project whose name is in the set', async () => {
    const cwd = await project(`idna @ ${index.origin}/files/django-5.2-py3-none-any.whl`);
    const { code, findings } = await check(cwd);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'direct_url_requirement', path: 'requirements.txt', line: 1 }),
    );
    expect(code).toBe(1);
  });
});

describe('a private index', () => {
  test('gets its credentials, for files too; nobody else gets them, and they are not shown', async () => {
    const elsewhere = await serveIndex({ django: { '5.2': [] } });
    const asked: string[] = [];
    const wanted = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
    index.instead = ({ headers, url }, response) => {
      if (headers.authorization !== wanted) {
        response.writeHead(401).end();
        return true;
      }
      if (!/asgiref-3\.9[^/]*\.whl$/.test(url ?? '')) return false;
      response.writeHead(302, { location: `${elsewhere.origin}${url}` }).end();
      return true;
    };
    elsewhere.instead = ({ headers }) => {
      asked.push(headers.authorization ?? 'nothing');
      return false;
    };
    try {
      const url = index.url.replace('//', '//me:s3cret@');
      const cwd = await pinwheel.folderWith({});
      const vendor = (name: string, ...more: string[]) =>
        pinwheel.run(['vendor', name, ...ASK, '--index-url', url, '--cache', 'cache', '--json', ...more], {
          cwd,
        });
      const { code, stdout, stderr } = await vendor('sqlparse');
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(await readdir(join(cwd, 'python_modules'))).toContain('sqlparse');
      // A redirect to another origin over http is refused before anything is sent there.
      const redirected = await vendor('asgiref', '--to', 'others');
      expect(redirected.code).toBe(3);
      expect(redirected.stderr).toContain('which is neither https nor its own origin');
      expect(asked).toEqual([]);
      const marker = await readFile(join(cwd, 'python_modules', MARKER_FILE), 'utf8');
      for (const text of [stdout, stderr, redirected.stderr, marker]) {
        expect(text).not.toMatch(/s3cret|bWU6/);
      }
    } finally {
      index.instead = null;
      await elsewhere.stop();
    }
  });

  test('gets credentials at its own origin only', () => {
    const { urls, for: authorizationFor } = credentialsIn([
      'https://me:p%40ss@a.example/simple/',
      'https://b.example/simple/',
    ]);
    expect(urls).toEqual(['https://a.example/simple/', 'https://b.example/simple/']);
    expect(authorizationFor('https://a.example/files/x.whl')).toBe(`Basic ${btoa('me:p@ss')}`);
    const others = [
      'https://b.example/',
      'http://a.example/',
      'https://a.example:8443/',
      'https://x.a.example/',
    ];
    expect(others.map(authorizationFor)).toEqual(others.map(() => null));
  });
});

describe('projects', () => {
  test('diff asks an index for both sides, each up to its day', async () => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'pyproject.toml': pyproject('django', 'idna'),
      'src/entry.py': 'import django\nimport asgiref\nDefault = entrypoint()\n',
    });
    const diff = async (...args: string[]) => {
      const { code, stdout, stderr } = await pinwheel.run(
        ['diff', '--config', 'wrangler.toml', '--as-of', '2026-11-20', '--json', ...args],
        { cwd },
      );
      if (stdout === '') throw new Error(stderr);
      return { code, answer: JSON.parse(stdout) };
    };
    const { code, answer } = await diff('--to', '2026-11-10');
    expect(code).toBe(1);
    expect(answer.closure.failing).toEqual([]);
    expect(answer.closure.changed).toContainEqual(
      expect.objectContaining({ name: 'django', from: '5.2', to: '6.0', direction: 'up' }),
    );
    expect(answer.project.imports.broken).toEqual([]);
    expect(answer.diagnostics.map(({ message }: { message: string }) => message)).toContain(
      `Of the index ${index.url}, uploads up to 2026-10-20 count before, and uploads up to 2026-11-10 after.`,
    );
    const same = await diff('--to', '2026-11-01', 'django', 'idna');
    expect(same.answer.closure).toMatchObject({ affected: false, failing: [] });
    const wanted = await diff('--from', '2026-11-10', '--to', '2026-10-20', 'django>=6', 'sqlparse');
    expect(wanted.code).toBe(1);
    expect(wanted.answer.closure.failing).toMatchObject([{ requirement: 'django>=6', held: true, index: 0 }]);
    const alone = await diff('--to', '2026-11-10', '--no-index');
    expect(alone.answer.closure.failing).toMatchObject([
      { requirement: 'django', held: false, code: 'unknown_package' },
    ]);
  });

  test.each([
    ['resolve', ['-r', 'requirements.txt']],
    ['check', []],
    // The set of the date has archives, which no file for installers can list.
    ['lock', ['--flag', 'python_3.13_packages_2025_09_22']],
  ])('%s: the fix of many packages that no set has works', async (command, words) => {
    const names = ['django', 'asgiref', 'sqlparse', 'kombu', 'opentelemetry-api'];
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'requirements.txt': names.join('\n'),
      'src/entry.py': 'Default = entrypoint()\n',
    });
    const asked = (...more: string[]) =>
      pinwheel.run([command, ...words, '--as-of', '2026-11-20', ...more], { cwd });
    const without = await asked();
    expect(without.code).toBe(1);
    const text = without.stdout + without.stderr;
    expect(text).toContain('5 requirements are not in the package set');
    expect(text).toContain('--index-url URL');
    const applied = await asked('--index-url', index.url);
    expect(applied.code, applied.stderr).toBe(0);
  });

  test('check knows the packages of an index and their modules', async () => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'pyproject.toml': pyproject('django'),
      'src/entry.py': 'import django\nimport asgiref\nimport sqlparse\nDefault = entrypoint()\n',
    });
    const { code, findings } = await check(cwd);
    expect([code, findings.filter(({ severity }) => severity === 'error')]).toEqual([0, []]);
    expect((await check(cwd, '--no-index')).code).toBe(1);
    const when = ['when', 'django>=5', '--flag', 'python_workers', '--as-of', '2026-11-20'];
    expect((await pinwheel.run(when)).code).toBe(1);
    const asked = await pinwheel.run([...when, '--index-url', index.url]);
    expect(asked.code).toBe(0);
    expect(asked.stdout).toContain(
      'has django 6.0, uploaded on 2026-11-05: with it, the requirement is satisfied on 2026-11-20.',
    );
    const why = await pinwheel.run(['why', 'sqlparse', '--as-of', '2026-11-20'], { cwd });
    expect(why.stdout).toMatch(/django.*\n\nFrom +the index\nBeside +python_3\.\w+, Pyodide /s);
    expect(why.code).toBe(0);
  });
});

describe('a set from a file', () => {
  /** A folder with a lock of one wheel. */
  async function lockedFolder(platform = 'emscripten_4_0_9'): Promise<string> {
    const cwd = await wheelFolder('1.0');
    const filename = 'mine-1.0-py3-none-any.whl';
    const sha256 = createHash('sha256').update(builtWheel('1.0')).digest('hex');
    const entry = { install_dir: 'site', package_type: 'package', imports: ['mine'], depends: [] };
    const lock = {
      info: {
        arch: 'wasm32',
        platform,
        version: '0.29.5',
        python: '3.13.2',
        abi_version: '2025_0',
      },
      packages: { mine: { name: 'mine', version: '1.0', file_name: filename, sha256, ...entry } },
    };
    await writeFile(join(cwd, 'wheels/lock.json'), JSON.stringify(lock));
    return cwd;
  }

  test('may state the platform of PEP 783', async () => {
    const cwd = await lockedFolder('pyemscripten_2025_0_wasm32');
    const asked = ['mine; platform_release == "4.0.9"', '--set', 'wheels/lock.json'];
    expect((await resolved(asked, { cwd })).packages.map(({ name }) => name)).toEqual(['mine']);
    const formats = ['pylock', 'pyodide-lock'].map((format) =>
      pinwheel.run(['resolve', ...asked, '--format', format], { cwd }),
    );
    const [pylock, lock] = await Promise.all(formats);
    expect(pylock!.stdout).toContain('mine-1.0-py3-none-any.whl');
    expect(JSON.parse(lock!.stdout).info.platform).toBe('pyemscripten_2025_0');
    const { code } = await pinwheel.run(['vendor', ...asked, '--to', 'modules'], { cwd });
    expect([code, await readdir(join(cwd, 'modules'))]).toEqual([0, expect.arrayContaining(['mine'])]);
  });

  test('is named by the line of target that vendors from it', async () => {
    const cwd = await lockedFolder();
    const date = ['--date', '2025-11-02', '--flag', 'python_workers'];
    const { stdout } = await pinwheel.run(['target', '--set', 'wheels/lock.json', ...date], { cwd });
    const [line] = /pinwheel vendor -r requirements.txt .*/.exec(stdout)!;
    await writeFile(join(cwd, 'requirements.txt'), 'mine\n');
    const vendored = await pinwheel.run([...line!.split(' ').slice(1), '--dry-run'], { cwd });
    expect([vendored.code, vendored.stdout], vendored.stderr).toEqual([0, expect.stringContaining('mine')]);
  });

  test('has files in a folder below its own, as it writes them', async () => {
    const cwd = await lockedFolder();
    const lock = await readFile(join(cwd, 'wheels/lock.json'), 'utf8');
    await writeFile(join(cwd, 'lock.json'), lock.replace('"mine-1.0-', '"wheels/mine-1.0-'));
    const words = ['vendor', 'mine', '--set', 'lock.json', '--to', 'modules'];
    const { code, stderr } = await pinwheel.run(words, { cwd });
    expect([code, stderr]).toEqual([0, 'On this machine: mine-1.0-py3-none-any.whl\n']);
    expect(await readdir(join(cwd, 'modules'))).toContain('mine');
  });

  test('replaces the set of the target, with files next to it, and names its Pyodide', async () => {
    const cwd = await lockedFolder();
    const answer = await resolved(['mine', '--set', 'wheels/lock.json'], { cwd });
    expect(answer.target.runtime.pyodide).toBe('0.29.5');
    expect(answer.target.package_set.flag).toBe('wheels/lock.json');
    expect(answer.packages[0]?.wheel.url).toBe(
      pathToFileURL(join(cwd, 'wheels', 'mine-1.0-py3-none-any.whl')).href,
    );
    const vendored = await pinwheel.run(['vendor', 'mine', '--set', 'wheels/lock.json', '--to', 'modules'], {
      cwd,
    });
    expect(vendored.stderr).toBe('On this machine: mine-1.0-py3-none-any.whl\n');
    expect(await readdir(join(cwd, 'modules'))).toContain('mine');
    const { code, stderr } = await pinwheel.run(
      ['resolve', 'mine', '--set', 'wheels/lock.json', '--pyodide', '0.27.7'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stderr).toContain(
      'wheels/lock.json has packages for ABI 2025_0, but Pyodide 0.27.7 has ABI 2024_0.',
    );
    // The date that is proposed will do.
    const other = (date: string) =>
      pinwheel.run(
        ['resolve', 'mine', '--set', 'wheels/lock.json', '--flag', 'python_workers', '--date', date],
        { cwd },
      );
    const { stderr: dated } = await other('2026-11-20');
    const [, date] = /Use the compatibility date (\S+), whose runtime has ABI 2025_0/.exec(dated) ?? [];
    expect(await other(date!)).toMatchObject({ code: 0, stdout: expect.stringContaining('mine') });
  });

  test('is the set of a check, too', async () => {
    const cwd = await lockedFolder();
    await writeFiles(cwd, {
      'wrangler.toml': wranglerToml(),
      'src/entry.py': 'import mine\nDefault = entrypoint()\n',
      'requirements.txt': 'mine\n',
    });
    const set = ['--set', 'wheels/lock.json'];
    expect(await pinwheel.run(['vendor', ...set], { cwd })).toMatchObject({ code: 0 });
    const { target, findings } = await check(cwd, ...set);
    expect([target.package_set.flag, findings]).toEqual(['wheels/lock.json', []]);
    // Nor is anything said about the set that it replaces.
    expect(target.diagnostics).toEqual([]);
    const other = await pinwheel.run(['check', '--json'], { cwd });
    expect(other.stdout).toContain('"vendored_for_another_target"');
    const later = ['--date', '2026-11-20', '--flag', 'python_workers', ...set];
    const refused = await pinwheel.run(['check', ...later], { cwd });
    expect(refused).toEqual(await pinwheel.run(['resolve', 'mine', ...later], { cwd }));
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('lock.json has packages for ABI'),
    });
  });

  test('is that of the project in every command, if it has one', async () => {
    const cwd = await lockedFolder();
    const dated = '[tool.pinwheel]\nset = "wheels/lock.json"\n';
    await writeFile(join(cwd, 'wrangler.toml'), wranglerToml());
    await writeFile(join(cwd, 'pyproject.toml'), `[project]\nname = "x"\ndependencies = ["mine"]\n${dated}`);
    const says = async (...args: string[]) => (await pinwheel.run(args, { cwd })).stdout;
    expect(await says('target')).toMatch(/^Package set +\S*wheels\/lock\.json/m);
    expect(await says('packages')).toMatch(/^mine +1\.0/m);
    for (const command of ['resolve', 'lock']) expect(await says(command)).toMatch(/^mine +1\.0/m);
  });

  test('a Pyodide version alone is a whole question', async () => {
    const { target } = await resolved(['numpy', '--pyodide', '0.29.5']);
    expect(target).toMatchObject({
      runtime: { pyodide: '0.29.5' },
      package_set: { flag: 'python_3.13_packages_2026_09_16' },
    });
    const unknown = await pinwheel.run(['resolve', 'numpy', '--pyodide', '0.1']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('No package set is for Pyodide 0.1.\n  fix: There are sets of');
    const both = await pinwheel.run(['resolve', 'numpy', '--pyodide', '0.29.5', '--date', '2026-01-01']);
    expect(both.stderr).toContain('--pyodide replaces --date.');
  });
});

describe('formats', () => {
  test('a whole pyodide-lock.json: absolute URLs, sizes and what can be imported; and back to requirements', async () => {
    const asked = ['resolve', 'django', 'idna', ...ASK, '--index-url', index.url];
    const { stdout } = await pinwheel.run([...asked, '--format', 'pyodide-lock']);
    const { packages } = JSON.parse(stdout);
    expect(packages.django).toMatchObject({
      version: '5.2',
      file_name: `${index.origin}/files/django-5.2-py3-none-any.whl`,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      depends: ['asgiref', 'sqlparse'],
      imports: ['django'],
      size: expect.any(Number),
    });
    expect(packages.idna.file_name).toMatch(/^https:\/\/cdn\.jsdelivr\.net\//);
    const pylock = await pinwheel.run([...asked, '--format', 'pylock']);
    const cwd = await pinwheel.folderWith({ 'pyodide-lock.json': stdout, 'pylock.toml': pylock.stdout });
    for (const file of ['pyodide-lock.json', 'pylock.toml']) {
      const again = await resolved(['-r', file, ...ASK, '--index-url', index.url], { cwd });
      expect(pinsOf(again)).toEqual(['asgiref==3.9', 'sqlparse==0.5', 'django==5.2', 'idna==3.10']);
    }
  });

  test('requirements with hashes, which pip takes', async () => {
    const { stdout } = await pinwheel.run([
      ...['resolve', 'django', ...ASK, '--index-url', index.url, '--format', 'requirements'],
    ]);
    expect(
      stdout
        .split('\n')
        .slice(2, -1)
        .map((line) => line.replace(/[0-9a-f]{64}/, '…')),
    ).toEqual([
      `--extra-index-url ${index.url}`,
      'asgiref==3.9 --hash=sha256:…',
      'django==5.2 --hash=sha256:…',
      'sqlparse==0.5 --hash=sha256:…',
      "# Delivery: the Worker's own python_modules, where pinwheel vendor puts them",
    ]);
    const cwd = await pinwheel.folderWith({ 'requirements.txt': stdout });
    const words = '-m pip download --no-deps --require-hashes --retries 0 -q -d got'.split(' ');
    // Instead of PyPI, which pip would also ask.
    const args = [...words, '--index-url', index.url, '-r', 'requirements.txt'];
    await promisify(execFile)('python3', args, {
      cwd,
      env: { ...process.env, PIP_CONFIG_FILE: '/dev/null' },
    });
    expect((await readdir(join(cwd, 'got'))).sort()).toEqual([
      'asgiref-3.9-py3-none-any.whl',
      'django-5.2-py3-none-any.whl',
      'sqlparse-0.5-py3-none-any.whl',
    ]);
  });
});
