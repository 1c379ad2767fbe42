import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse as parseToml } from 'smol-toml';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { ending, newFolder } from '../common/own.ts';
import { serveIndex } from '../resolver/solver/served-index.ts';
import { downloadWheel } from './pip-wheels.ts';
import { MACHINE, type Run, runPip } from './run-pip.ts';
import { LOCAL, NATIVE, REPACKED, REPACKED_FLAG, type ServedSet, serveSet, TEST_FLAG } from './served-set.ts';

const EMSCRIPTEN = [
  '--platform=pyodide_2025_0_wasm32',
  '--python-version=3.13',
  '--implementation=cp',
  '--abi=cp313',
  '--only-binary=:all:',
];

let served: ServedSet;
let folder: string;
const commands: Record<'machine' | 'newest', string[]> = { machine: MACHINE, newest: [] };

beforeAll(async () => {
  const newest = await downloadWheel('pip');
  commands.newest = [join(newest.path, 'pip')];
  served = await serveSet('0.29.5');
});

beforeEach(async () => {
  folder = newFolder();
  served.proxy.log.length = 0;
});
afterEach(() => {
  served.proxy.tamper = undefined;
});

/** Runs pip on one set's index. */
function pip(which: keyof typeof commands, args: string[], flag = TEST_FLAG): Promise<Run> {
  return runPip(commands[which], `${served.proxy.origin}/simple/${flag}/`, args);
}

async function expectSetsBytes(filename: string): Promise<void> {
  const { sha256 } = served.set.packages.find((member) => member.filename === filename)!;
  const bytes = await readFile(join(folder, filename));
  expect(createHash('sha256').update(bytes).digest('hex'), filename).toBe(sha256);
}

const isWheel = (path: string) => path.startsWith('/wheels/') && path.endsWith('.whl');
const isMetadata = (path: string) => path.startsWith('/wheels/') && path.endsWith('.metadata');
const HTTPX = ['anyio', 'certifi', 'h11', 'httpcore', 'httpx', 'idna', 'typing_extensions'];

const PIPS = process.env.TEST_ALL ? (['machine', 'newest'] as const) : (['newest'] as const);

describe.each(PIPS)('the %s pip', (which) => {
  test('downloads a pure package and its dependencies, with the pinned bytes', async () => {
    const run = await pip(which, ['download', '-d', folder, 'httpx']);
    expect(run.code, run.stderr).toBe(0);
    const files = (await readdir(folder)).sort();
    expect(files.map((name) => name.split('-')[0])).toEqual(HTTPX);
    for (const name of files) await expectSetsBytes(name);
    expect(served.proxy.log[0]).toMatchObject({ accept: expect.stringContaining('v1+json'), status: 200 });
  });

  test('downloads a wheel that is tagged for Pyodide, for Pyodide only', async () => {
    const run = await pip(which, ['download', '-d', folder, ...EMSCRIPTEN, 'pinnate']);
    expect(run.code, run.stderr).toBe(0);
    const files = await readdir(folder);
    expect(files.sort()).toEqual([expect.stringMatching(/^idna-.*-py3-none-any\.whl$/), NATIVE]);
    for (const name of files) await expectSetsBytes(name);

    const others = [
      [],
      EMSCRIPTEN.with(0, '--platform=pyodide_2024_0_wasm32'),
      EMSCRIPTEN.with(0, '--platform=manylinux_2_17_x86_64'),
      EMSCRIPTEN.with(3, '--abi=cp312'),
    ];
    for (const tags of others) {
      const refused = await pip(which, ['download', '-d', folder, ...tags, 'pinnate']);
      expect([refused.code, refused.stderr], tags.join(' ')).toEqual([
        1,
        expect.stringContaining('No matching distribution found for pinnate'),
      ]);
    }
  });

  test('installs from the index into a folder, where it can be imported', async () => {
    const run = await pip(which, ['install', '-q', '--target', folder, ...EMSCRIPTEN, 'pinnate', 'httpx']);
    expect(run.code, run.stderr).toBe(0);
    const program = 'import httpx, pinnate; print(httpx.__version__, pinnate.leaf("bücher.example"))';
    const python = await new Promise<string>((resolve, reject) => {
      const env = { ...process.env, PYTHONPATH: folder, PYTHONNOUSERSITE: '1' };
      execFile('python3', ['-c', program], { env }, (error, out) => (error ? reject(error) : resolve(out)));
    });
    expect(python.trim()).toBe('0.28.1 xn--bcher-kva.example');
  });

  test('resolves from metadata, before it fetches any wheel', async () => {
    const run = await pip(which, ['install', '-q', '--dry-run', '--ignore-installed', '--report=-', 'httpx']);
    expect(run.code, run.stderr).toBe(0);
    const { install } = JSON.parse(run.stdout) as {
      install: { metadata: { name: string }; download_info: { url: string; archive_info: object } }[];
    };
    expect(install.map(({ metadata }) => metadata.name.replace('-', '_')).sort()).toEqual(HTTPX);
    for (const { download_info } of install) {
      const sha256 = /\/wheels\/(\w+)\//.exec(download_info.url)![1];
      expect(download_info.archive_info).toMatchObject({ hashes: { sha256 } });
    }
    const paths = served.proxy.log.map(({ path }) => path);
    expect(paths.filter(isMetadata)).toHaveLength(HTTPX.length);
    expect(paths.slice(0, paths.findLastIndex(isMetadata)).filter(isWheel)).toEqual([]);
    // Older ones also fetch the wheels in a dry run.
    if (which === 'newest') expect(paths.filter(isWheel)).toEqual([]);
  });

  test('rejects a wheel that was changed in transit', async () => {
    const wanted = ['download', '-d', folder, '--no-deps', 'idna'];
    served.proxy.tamper = (path, bytes) => {
      if (isWheel(path)) bytes[bytes.length - 1]! ^= 1;
      return bytes;
    };
    const run = await pip(which, wanted);
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('DO NOT MATCH THE HASHES')]);
    expect(await readdir(folder)).toEqual([]);
    served.proxy.tamper = undefined;
    expect((await pip(which, wanted)).code).toBe(0);
  });

  test('finds a local version by its name', async () => {
    const run = await pip(which, ['download', '-d', folder, 'petal==1.0+pinwheel.1']);
    expect(run.code, run.stderr).toBe(0);
    expect(await readdir(folder)).toEqual([LOCAL]);
    await expectSetsBytes(LOCAL);
  });

  test('finds a wheel of a package whose pinned file is not a wheel', async () => {
    const run = await pip(
      which,
      ['download', '-d', folder, '--no-deps', ...EMSCRIPTEN, 'pinnate'],
      REPACKED_FLAG,
    );
    expect(run.code, run.stderr).toBe(0);
    expect(await readdir(folder)).toEqual([NATIVE]);
    await expectSetsBytes(NATIVE);
  });
});

describe('what pages show for copying is for who has only pip, uv or npm', () => {
  /** Pastes lines into a shell. pip asks the index of the set unless they name another. */
  async function paste(text: string): Promise<string> {
    const env = {
      ...process.env,
      PIP_CONFIG_FILE: devNull,
      PIP_NO_CACHE_DIR: '1',
      PIP_INDEX_URL: `${served.proxy.origin}/simple/${TEST_FLAG}/`,
    };
    return (await promisify(execFile)('sh', ['-c', text], { cwd: folder, env, maxBuffer: 1 << 26 })).stdout;
  }

  /** Returns whether something was installed. */
  async function install(text: string): Promise<true> {
    await paste(text);
    expect(await readdir(join(folder, 'python_modules')), text).not.toEqual([]);
    await rm(join(folder, 'python_modules'), { recursive: true });
    return true;
  }

  async function installAll(requirements: string): Promise<true> {
    await writeFile(join(folder, 'requirements.txt'), requirements);
    const tags = EMSCRIPTEN.join(' ');
    return install(`pip install --no-deps --target python_modules ${tags} -r requirements.txt`);
  }

  /** Returns whether both addresses of a line of Markdown are there. */
  async function badge(text: string): Promise<boolean> {
    const addresses = [...text.matchAll(/\((\S+?)\)/g)].map(([, address]) => address!);
    const replies = await Promise.all(addresses.map((address) => fetch(address)));
    return replies.length === 2 && replies.every(({ ok }) => ok);
  }

  const dependenciesIn = (text: string) =>
    (parseToml(text).project as { dependencies: string[] }).dependencies.join('\n');

  /** By how a block begins. */
  const USES: [RegExp, (text: string) => unknown][] = [
    [/^curl /, async (text) => JSON.parse(await paste(text))],
    [/^pip /, install],
    [/^--index-url \S+$/, (text) => installAll(`${text}\nidna`)],
    [/^(--index-url .*\n)?[a-z\d-]+==/, installAll],
    [/^\[project\]/, (text) => installAll(dependenciesIn(text))],
    [/^(compatibility_date =|\[\[tool\.uv\.index\]\])/, parseToml],
    [/^\{/, (text) => JSON.parse(text)],
    [/^import \w+$/, () => 'Python'],
    [/^\[!\[/, badge],
    // A change of code, which other tests apply.
    [/^ (import|from) /, (text) => text.split('\n').every((line) => /^[ +-]/.test(line))],
  ];

  test.each([
    ['/', ['compatibility_date = ']],
    ['/?q=petal', ['pip install']],
    ['/?q=numpy', ['compatibility_date = ']],
    [`/packages/pinnate?flag=${TEST_FLAG}`, ['pip install', '[project]', 'curl ']],
    [`/resolve?flag=${TEST_FLAG}&requirement=pinnate`, ['pip install', 'pinnate==1.0', 'curl ']],
    ['/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi', ['compatibility_date = ', 'curl ']],
    ['/compare?from=2025-11-02&to=2026-11-02&flag=python_workers&requirement=fastapi', ['curl ']],
    [`/sets/${TEST_FLAG}`, ['--index-url', '[[tool.uv.index]]']],
  ])('%s', async (path, shown) => {
    const html = await (await fetch(served.proxy.origin + path)).text();
    const texts = [...html.matchAll(/<pre[^>]*>(.*?)<\/pre>/gs)]
      .map(([, text]) => decoded(text!.replace(/<[^>]*>/g, '')))
      .filter((text) => text !== '');
    for (const words of shown) expect(texts).toContainEqual(expect.stringContaining(words));
    for (const text of texts) {
      const [, use] = USES.find(([begin]) => begin.test(text)) ?? [];
      expect(use, text).toBeDefined();
      expect(await use!(text), text).toBeTruthy();
    }
  });
});

test('the line for a package of the index alone installs it and what it needs', async () => {
  const index = ending(
    await serveIndex({ flower: { '1.0': ['stalk>=2'] }, stalk: { '1.9': [], '2.1': [] } }),
  );
  const registry = ending(await startLocalRegistry({ indexUrl: index.url }));
  const page = await (await fetch(new URL('/packages/flower.md', registry.url))).text();
  const [line] = /^pip install .*$/m.exec(page)!;
  const env = { ...process.env, PIP_CONFIG_FILE: devNull, PIP_NO_CACHE_DIR: '1' };
  await promisify(execFile)('sh', ['-c', line], { cwd: folder, env });
  const installed = await readdir(join(folder, 'python_modules'));
  expect(installed).toEqual(expect.arrayContaining(['flower-1.0.dist-info', 'stalk-2.1.dist-info']));
});

const ENTITIES: Record<string, string> = {
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};
const decoded = (html: string) => html.replace(/&[#\w]+;/g, (entity) => ENTITIES[entity]!);

test('files that the index does not list are at the address in the page', async () => {
  const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
  const page = await fetch(`${served.proxy.origin}/simple/${REPACKED_FLAG}/pinnate/`, { headers });
  const { _not_listed: unlisted } = (await page.json()) as { _not_listed: { url: string }[] };
  expect(await (await fetch(unlisted[0]!.url)).text()).toBe(REPACKED);
});

test('the registry requested each file from the upstream once', () => {
  const asked = served.upstream.requests.toSorted();
  expect(asked).toEqual([...new Set(asked)]);
  expect(asked).toHaveLength(served.wheels.size + 1);
});
