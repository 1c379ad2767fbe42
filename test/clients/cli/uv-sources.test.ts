/** Packages that come from a folder: the installed command, and an index on loopback with a stranger's of the same name. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { usePinwheel, wranglerToml } from '../../cli/pinwheel.ts';
import { ending } from '../../common/own.ts';
import { type ServedIndex, serveIndex } from '../../resolver/solver/served-index.ts';
import { zipOf } from '../../zip.ts';

const pinwheel = await usePinwheel();
let index: ServedIndex;
beforeAll(async () => {
  const uploaded = '2025-01-02T09:00:00Z';
  const stranger = { '9.9.9': { requires: [], uploaded } };
  const django = { '5.2': { requires: [], uploaded } };
  index = ending(await serveIndex({ 'acme-shared': stranger, 'acme-utils': stranger, django }));
});
afterEach(() => {
  expect(index.log.splice(0).filter((line) => /acme/.test(line))).toEqual([]);
});

const project = (name: string, dependencies: string[], more = '') =>
  `[project]\nname = "${name}"\nversion = "0.1.0"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
const sources = (text: string) => `[tool.uv.sources]\n${text}\n`;

const WORKER = {
  'app/wrangler.toml': wranglerToml('2025-11-02', ['python_workers']),
  'app/src/entry.py':
    'import acme_shared\nfrom workers import WorkerEntrypoint\n\n\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        return acme_shared\n',
};
const MEMBERS = {
  'packages/shared/pyproject.toml': project(
    'Acme.Shared',
    ['acme-utils'],
    sources('acme-utils = { path = "../utils", editable = true }'),
  ),
  'packages/shared/src/acme_shared/__init__.py': 'from acme_utils import VALUE\n',
  'packages/shared/src/acme_shared/words.txt': 'ours\n',
  'packages/shared/tests/test_it.py': '',
  'packages/utils/pyproject.toml': project('acme-utils', []),
  'packages/utils/acme_utils/__init__.py': 'VALUE = "ours"\n',
  'packages/utils/noise.py': '',
};

/** Runs a command in the folder of the Worker. */
async function inApp(files: Record<string, string>, ...args: string[]) {
  const home = await pinwheel.folderWith({ ...WORKER, ...MEMBERS, ...files });
  const cwd = join(home, 'app');
  return { home, cwd, ...(await pinwheel.run([...args, '--index-url', index.url], { cwd })) };
}

describe.each([
  ['a path', sources('acme-shared = { path = "../packages/shared" }'), {}],
  [
    'a member of the workspace',
    sources('acme-shared = { workspace = true }'),
    {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["app", "packages/*"]\nexclude = ["packages/none"]\n',
      'packages/none/pyproject.toml': project('acme-shared', []),
    },
  ],
  [
    'a source of the root of the workspace',
    '',
    {
      'pyproject.toml': `${sources('Acme_Shared = { workspace = true }')}[tool.uv.workspace]\nmembers = ["app", "./packages/*"]\n`,
    },
  ],
])('%s', (_, table, files) => {
  const all = { 'app/pyproject.toml': project('app', ['acme-shared>=1', 'django'], table), ...files };

  test('goes into the Worker from its folder, with what it requires, and no index is asked for its name', async () => {
    const { code, stderr, cwd } = await inApp(all, 'vendor');
    expect({ code, errors: stderr.includes('error') }).toEqual({ code: 0, errors: false });
    const modules = join(cwd, 'python_modules');
    expect((await readdir(modules)).filter((name) => name.includes('acme')).sort()).toEqual([
      'acme_shared',
      'acme_shared-0.1.0.dist-info',
      'acme_utils',
      'acme_utils-0.1.0.dist-info',
    ]);
    expect(await readFile(join(modules, 'acme_shared/words.txt'), 'utf8')).toBe('ours\n');
    expect(await readFile(join(modules, 'acme_utils/__init__.py'), 'utf8')).toContain('ours');
    const checked = await pinwheel.run(['check'], { cwd });
    expect(checked.stdout).toContain('0 errors, 0 warnings');
  });
});

const BY_PATH = sources('acme-shared = { path = "../packages/shared" }');

test.each([
  ['why', 'acme-utils'],
  ['diff', '--to', '2025-11-05'],
])('%s takes it from there, too', async (...args) => {
  const files = { 'app/pyproject.toml': project('app', ['acme-shared>=1', 'django'], BY_PATH) };
  const { code, stdout, stderr } = await inApp(files, ...args, '--json');
  expect({ code, stderr: /"error"/.test(stderr) }).toEqual({ code: 0, stderr: false });
  expect(stdout).not.toContain('9.9.9');
});

test('a lock names its folder, and is read again', async () => {
  const files = { 'app/pyproject.toml': project('app', ['acme-shared', 'django'], BY_PATH) };
  for (const command of ['resolve', 'lock']) {
    const lock = await inApp(files, command, '--format', 'pylock');
    expect(lock.stdout).not.toContain('file:');
    expect(lock.stdout).toMatch(/name = "acme-shared"\n.*directory = \{path = "..\/packages\/shared"\}/s);
    const { cwd } = lock;
    await writeFile(join(cwd, 'pylock.toml'), lock.stdout);
    const read = await pinwheel.run(['resolve', '-r', 'pylock.toml', '--index-url', index.url], { cwd });
    expect(read.stdout).toMatch(/^acme-shared +0\.1\.0 .* the file +requested/m);
    expect(read.stderr).not.toContain('skipped');
  }
  const { stderr } = await inApp(files, 'resolve', '--format', 'pyodide-lock');
  expect(stderr).toContain('Built on this machine, where the lock finds them: acme-utils, acme-shared.');
});

test('an edit of its code is vendored', async () => {
  const { home, cwd } = await inApp(
    { 'app/pyproject.toml': project('app', ['acme-shared'], BY_PATH) },
    'vendor',
  );
  await writeFile(join(home, 'packages/shared/src/acme_shared/words.txt'), 'edited\n');
  await pinwheel.run(['vendor'], { cwd });
  expect(await readFile(join(cwd, 'python_modules/acme_shared/words.txt'), 'utf8')).toBe('edited\n');
});

const backend = (name: string) => `[build-system]\nbuild-backend = "${name}"\n`;
const withoutVersion = '[project]\nname = "acme-shared"\ndynamic = ["version"]\n';

test.each<[string, string, Record<string, string>]>([
  [
    'hatchling with packages of other names, and the version in a file',
    `${withoutVersion}${backend('hatchling.build')}[tool.hatch.version]\npath = "lib/shared_code/about.py"\n[tool.hatch.build.targets.wheel]\npackages = ["lib/shared_code"]\n`,
    { 'lib/shared_code/about.py': "__version__ = '3.4'\n" },
  ],
  [
    'uv_build with the name of its module',
    `[project]\nname = "acme-shared"\nversion = "3.4"\n${backend('uv_build')}[tool.uv.build-backend]\nmodule-root = ""\nmodule-name = "shared_code"\n`,
    { 'shared_code/__init__.py': '', 'other/__init__.py': '' },
  ],
  [
    'setuptools with the version of a module',
    `${withoutVersion}${backend('setuptools.build_meta')}[tool.setuptools.packages.find]\nwhere = ["src"]\n[tool.setuptools.dynamic]\nversion = { attr = "shared_code.VERSION" }\n`,
    { 'src/shared_code/__init__.py': 'VERSION: str = "3.4"\n', 'src/acme_shared/__init__.py': '' },
  ],
])('a wheel is made of a folder of %s', async (_, pyproject, own) => {
  const place = 'libraries/shared';
  const files = Object.fromEntries(
    Object.entries({ 'pyproject.toml': pyproject, ...own }).map(([path, text]) => [`${place}/${path}`, text]),
  );
  const app = project('app', ['acme-shared'], sources(`acme-shared = { path = "../${place}" }`));
  const { code, cwd, stderr } = await inApp({ ...files, 'app/pyproject.toml': app }, 'vendor');
  expect({ code, stderr: /error/.test(stderr) }).toEqual({ code: 0, stderr: false });
  const names = await readdir(join(cwd, 'python_modules'));
  expect(names).toContain('shared_code');
  expect(names).toContain('acme_shared-3.4.dist-info');
  expect(names).not.toContain('other');
});

test('a folder that needs a build is replaced by a wheel of --find-links, and by no index', async () => {
  const files = {
    'packages/shared/pyproject.toml': `${project('acme-shared', [])}${backend('maturin')}`,
    'app/pyproject.toml': project('app', ['acme-shared'], BY_PATH),
  };
  const refused = await inApp(files, 'resolve');
  expect(refused.stderr).toContain('has to be built');
  expect(refused.stderr).toContain('--find-links');
  const wheels = await pinwheel.folderWith({});
  const metadata = 'Metadata-Version: 2.1\nName: acme-shared\nVersion: 2.0\n';
  const wheel = zipOf({ 'acme_shared-2.0.dist-info/METADATA': metadata });
  await writeFile(join(wheels, 'acme_shared-2.0-py3-none-any.whl'), wheel);
  expect((await inApp(files, 'resolve', '--find-links', wheels)).stdout).toMatch(/^acme-shared +2\.0/m);
});

test('a wheel is taken as it is, and what it requires comes from the source of that name', async () => {
  const wheel = join(await pinwheel.folderWith({}), 'acme_shared-2.0-py3-none-any.whl');
  const metadata = 'Metadata-Version: 2.1\nName: acme-shared\nVersion: 2.0\nRequires-Dist: acme-utils\n';
  await writeFile(wheel, zipOf({ 'acme_shared-2.0.dist-info/METADATA': metadata }));
  const table = sources(`acme-shared = { path = "${wheel}" }\nacme-utils = { path = "../packages/utils" }`);
  const { stdout } = await inApp({ 'app/pyproject.toml': project('app', ['acme-shared'], table) }, 'resolve');
  expect(stdout).toMatch(/^acme-shared +2\.0/m);
  expect(stdout).toMatch(/^acme-utils +0\.1\.0 .* the file +required by acme-shared/m);
});

test.each([
  [
    'a name on the command line',
    ['resolve', 'acme-shared'],
    { 'app/pyproject.toml': project('app', [], BY_PATH) },
  ],
  ['-e in a requirements file', ['resolve', '-r', 'r.txt'], { 'app/r.txt': '-e ../packages/shared\n' }],
  ['a path in a requirements file', ['resolve'], { 'app/requirements.txt': '../packages/shared\n' }],
  [
    'a file URL in a requirements file',
    ['resolve'],
    { 'app/requirements.txt': 'acme-shared @ file:../packages/shared ; python_version > "3"\n' },
  ],
])('%s names it, too', async (_, args, files) => {
  const { code, stdout, stderr } = await inApp(files, ...args);
  expect({ code, stderr: stderr.replace(/^info: .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^acme-shared +0\.1\.0/m);
  expect(stdout).toMatch(/^acme-utils +0\.1\.0/m);
});

test.each([['check'], ['resolve'], ['diff', '--to', '2026-11-01']])(
  'messages of %s name it as the project does, not by its wheel in the cache',
  async (...args) => {
    const files = {
      'app/pyproject.toml': project('app', ['jinja2', 'acme-shared'], BY_PATH),
      'packages/utils/pyproject.toml': project('acme-utils', ['nowhere-at-all']),
    };
    const { stdout, stderr } = await inApp(files, ...args);
    expect(stdout + stderr).toContain('acme-utils 0.1.0 depends on nowhere-at-all');
    expect(stdout + stderr).not.toContain('file:');
  },
);

test('-e . is the Worker itself, and what it requires', async () => {
  const files = { 'app/requirements.txt': '-e .\n', 'app/pyproject.toml': project('app', ['django']) };
  expect((await inApp(files, 'resolve', '-r', 'requirements.txt')).stdout).toMatch(/^django +5\.2/m);
});

describe('a source is refused with what to do', () => {
  const refused: [text: string, message: string, fix: string][] = [
    ['{ git = "https://u:secret@h/x" }', 'comes from https://h/x, a repository', 'Clone it'],
    ['{ url = "https://h/x.tar.gz" }', 'comes from https://h/x.tar.gz', 'Download a wheel of it'],
    ['{ index = "acme" }', 'comes from the index acme, which no [[tool.uv.index]] has', 'Correct the name'],
    ['{ path = "../nowhere" }', '../nowhere, which does not exist', 'Correct the path'],
    ['{ path = "src/entry.py" }', 'neither a folder nor a wheel', 'Build a wheel'],
    ['{ path = "../packages" }', 'no pyproject.toml with a name', 'Write both there.*--find-links'],
    ['{ path = "../packages/utils" }', 'has another name', 'Correct the name'],
    ['{ path = "../packages/shared", package = false }', 'package = false', 'Leave out package = false'],
    ['{ path = "../packages/shared", git = "https://h/x" }', 'is not understood', 'Name a folder'],
    ['{ workspace = true }', 'this project is in none', 'members'],
    [
      '[{ git = "https://h/x", marker = "python_version < \'3.13\'" }]',
      'depends on the Python',
      'sys_platform alone',
    ],
  ];
  test.each(refused)('%s', async (source, message, fix) => {
    const files = {
      'app/pyproject.toml': project('app', ['acme-shared'], sources(`acme-shared = ${source}`)),
    };
    const { code, stderr } = await inApp(files, 'vendor');
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(new RegExp(`fix: .*${fix}`, 's'));
    expect(stderr).not.toMatch(/secret|--index/);
  });

  test.each([['check'], ['lock'], ['resolve'], ['build'], ['why', 'x'], ['diff', '--to', '2026-09-10']])(
    'by %s',
    async (...args) => {
      const table = sources('acme-shared = { git = "https://h/x" }');
      const { code, stdout, stderr } = await inApp(
        { 'app/pyproject.toml': project('app', ['acme-shared'], table) },
        ...args,
      );
      expect({ code, said: (stdout + stderr).includes('Clone it') }).toEqual({ code: 1, said: true });
    },
  );

  test.each([
    ['acme-shared @ git+https://u:secret@h/x', 'a repository'],
    ['git+https://u:secret@h/acme-shared', 'a repository'],
    ['-e git+https://u:secret@h/x#egg=acme-shared', 'a repository'],
    ['acme-shared @ https://u:secret@h/x.tar.gz', 'does not download'],
    ['./nowhere', 'does not exist'],
  ])('%s in a requirements file', async (line, message) => {
    const { code, stderr } = await inApp({ 'app/requirements.txt': `${line}\n` }, 'vendor');
    expect({ code, said: stderr.includes(message) }).toEqual({ code: 1, said: true });
    expect(stderr).not.toMatch(/secret|--index/);
  });

  test.each([
    ['an extension', { 'packages/shared/src/acme_shared/fast.pyx': '' }, 'fast.pyx'],
    ['a setup.py', { 'packages/shared/setup.py': '' }, 'setup.py'],
    [
      'a table of its backend',
      {
        'packages/shared/pyproject.toml': `${project('acme-shared', [])}[tool.hatch.build]\nexclude = ["a"]\n`,
      },
      '[tool.hatch.build]',
    ],
    [
      'no module of its name',
      { 'packages/shared/pyproject.toml': project('acme-other', []) },
      'has no package or module',
    ],
  ])('a folder with %s', async (what, files, said) => {
    const name = what.startsWith('no') ? 'acme-other' : 'acme-shared';
    const app = project('app', [name], sources(`${name} = { path = "../packages/shared" }`));
    const { code, stderr } = await inApp({ 'app/pyproject.toml': app, ...files }, 'vendor');
    expect({ code, said: stderr.includes(said) }).toEqual({ code: 1, said: true });
  });

  test('a member of the workspace that nothing declares, as uv has it', async () => {
    const files = {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["app", "packages/*"]\n',
      'app/pyproject.toml': project('app', ['acme-shared']),
    };
    const { code, stderr } = await inApp(files, 'vendor');
    expect(code).toBe(1);
    expect(stderr).toContain('Add acme-shared = { workspace = true } under [tool.uv.sources].');
  });
});

test('a source counts where its marker, its extra and its group hold', async () => {
  const other = sources(
    'django = [{ git = "https://h/x", marker = "sys_platform == \'linux\'" }, { index = "x", extra = "web" }, { index = "y", group = "dev" }]',
  );
  const files = {
    'app/pyproject.toml': project(
      'app',
      ['django'],
      `${other}[project.optional-dependencies]\nweb = ["django"]\n`,
    ),
  };
  expect((await inApp(files, 'resolve')).stdout).toMatch(/^django +5\.2/m);
  const extra = await inApp(files, 'resolve', '-r', 'pyproject.toml', '--extra', 'web');
  expect(extra.stderr).toContain('the index x,');
});

test('no index is proposed for a module whose name has a source', async () => {
  const files = { 'app/pyproject.toml': project('app', [], BY_PATH) };
  const home = await pinwheel.folderWith({ ...WORKER, ...MEMBERS, ...files });
  const { stdout } = await pinwheel.run(['check'], { cwd: join(home, 'app') });
  expect(stdout).toContain('acme_shared');
  expect(stdout).not.toContain('--index');
});

describe('an index that the project names', () => {
  const INDEX = 'https://packages.acme.example/simple/';
  const named: [string, Record<string, string>][] = [
    [
      '[[tool.uv.index]]',
      { 'app/pyproject.toml': project('app', ['acme-shared'], `[[tool.uv.index]]\nurl = "${INDEX}"\n`) },
    ],
    [
      '[tool.uv] extra-index-url',
      {
        'app/pyproject.toml': project('app', ['acme-shared'], `[tool.uv]\nextra-index-url = ["${INDEX}"]\n`),
      },
    ],
    [
      'uv.toml, which replaces [tool.uv]',
      {
        'app/pyproject.toml': project(
          'app',
          ['acme-shared'],
          '[tool.uv]\nindex-url = "https://b.example/"\n',
        ),
        'app/uv.toml': `[[index]]\nurl = "${INDEX}"\n`,
      },
    ],
    [
      'uv.toml above a project without pyproject.toml',
      {
        'app/requirements.txt': 'acme-shared\n',
        'uv.toml': `[pip]\nextra-index-url = ["${INDEX}"]\n`,
      },
    ],
    [
      '--index-url in a requirements file',
      { 'app/requirements.txt': `-i ${INDEX.replace('//', '//u:secret@')}\nacme-shared\n` },
    ],
  ];
  test.each(named)('%s is asked before any other', async (_, files) => {
    const { cwd, code, stderr } = await inApp(files, 'vendor');
    expect(code).toBe(1);
    expect(stderr).toContain(`fix: Ask it first: --index-url ${INDEX}.`);
    expect(stderr).not.toContain('secret');
    const { stderr: without } = await pinwheel.run(['vendor'], { cwd });
    expect(without).toContain(`--index-url ${INDEX}`);
    expect(without).not.toContain('--index for PyPI');
  });

  test('is what to ask for a name that comes from it alone', async () => {
    const url = `${INDEX}?of=acme&all=1`;
    const table = `[[tool.uv.index]]\nname = "x"\nurl = "${url}"\n${sources('acme-shared = { index = "x" }')}`;
    const files = { 'app/pyproject.toml': project('app', ['acme-shared'], table) };
    const cwd = join(await pinwheel.folderWith({ ...WORKER, ...files }), 'app');
    const { stderr } = await pinwheel.run(['vendor'], { cwd });
    expect(stderr).toContain(`fix: Ask what the project names: --index-url '${url}'.`);
  });

  test('does not count if it is explicit, and is asked first if it is named so', async () => {
    const explicit = `[[tool.uv.index]]\nname = "x"\nurl = "${INDEX}"\nexplicit = true\n`;
    const { stdout } = await inApp({ 'app/pyproject.toml': project('app', ['django'], explicit) }, 'resolve');
    expect(stdout).toMatch(/^django +5\.2/m);
    const own = `[[tool.uv.index]]\nurl = "${index.url.replace(/\/$/, '')}"\n`;
    const first = await inApp(
      { 'app/pyproject.toml': project('app', ['django'], own) },
      'resolve',
      '--index-url',
      index.url,
      '--index',
    );
    expect(first.stderr).not.toContain('has to be asked before');
  });

  test('is asked for the names that come from it, and for nothing else', async () => {
    const uploaded = '2025-01-02T09:00:00Z';
    const shared = { '2.0': { requires: ['django', 'idna'], uploaded } };
    const idna = { '99': { requires: [], uploaded } };
    const theirs = ending(await serveIndex({ 'acme-shared': shared, idna }));
    const table = `[[tool.uv.index]]\nname = "acme"\nurl = "${theirs.url}"\nexplicit = true\n${sources('acme-shared = { index = "acme" }')}`;
    const files = { 'app/pyproject.toml': project('app', ['acme-shared'], table) };
    const { cwd, code, stdout, stderr: remarks } = await inApp(files, 'resolve');
    expect(code).toBe(0);
    expect(remarks).not.toContain('unpin');
    expect(stdout).toMatch(/^acme-shared +2\.0/m);
    expect(stdout).toMatch(/^django +5\.2/m);
    // Not the port of the index.
    expect(stdout).not.toMatch(/\b99/);
    expect(theirs.log.filter((line) => !line.includes('acme'))).toEqual([]);
    const { code: without, stderr } = await pinwheel.run(['resolve'], { cwd });
    expect({ without, stderr }).toEqual({
      without: 1,
      stderr: expect.stringContaining('fix: Add --index: '),
    });
  });
});
