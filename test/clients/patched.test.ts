/** The patched wheels from the registry: by pip, and by Pyodide's `loadPackage`. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { ending, newFolder } from '../common/own.ts';
import { runScript } from '../patches/hosts.ts';
import { startServer, type TestServer } from '../patches/server.ts';
import { type PatchedSet, PUBLISHED_FLAG, SERVED_FLAG, servePatchedSet } from './patched-set.ts';
import { downloadWheel } from './pip-wheels.ts';
import { MACHINE, type Run, runPip } from './run-pip.ts';

const NAMES = ['aiohttp', 'httpx'];

let set: PatchedSet;
let server: TestServer;
let folder: string;
const commands: Record<'machine' | 'newest', string[]> = { machine: MACHINE, newest: [] };

beforeAll(async () => {
  commands.newest = [join((await downloadWheel('pip')).path, 'pip')];
  set = await servePatchedSet();
  server = ending(await startServer());
});
beforeEach(async () => {
  folder = newFolder();
});

const origin = () => set.registry.url.origin;
const pip = (python: string[], flag: string, args: string[]): Promise<Run> =>
  runPip(python, `${origin()}/simple/${flag}/`, args);
const patched = (from: 'published' | 'served') =>
  set[from].packages.filter(({ name }) => NAMES.includes(name));

test('no built wheel is missing, and the published set has the current patches', () => {
  expect(set.registry.missing).toEqual([]);
  expect(patched('published').map(({ sha256 }) => sha256)).toEqual(
    patched('served').map(({ sha256 }) => sha256),
  );
});

describe.each(['machine', 'newest'] as const)('the %s pip', (which) => {
  test('downloads both from the published set, with the pinned bytes', async () => {
    const args = ['download', '-d', folder, '--no-deps', ...NAMES];
    const run = await pip(commands[which], PUBLISHED_FLAG, args);
    expect(run.code, run.stderr).toBe(0);
    const files = (await readdir(folder)).sort();
    expect(files).toEqual(patched('published').map(({ filename }) => filename));
    for (const { filename, sha256 } of patched('published')) {
      const bytes = await readFile(join(folder, filename));
      expect(createHash('sha256').update(bytes).digest('hex'), filename).toBe(sha256);
    }
  });
});

test('pip installs both with their dependencies, pip check passes, and they work like upstream', async () => {
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', folder]);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const run = await pip([...MACHINE, '--python', bin], SERVED_FLAG, ['install', '--quiet', ...NAMES]);
  expect(run.code, run.stderr).toBe(0);
  const check = await promisify(execFile)('python3', [...MACHINE, '--python', bin, 'check']);
  expect(check.stdout).toContain('No broken requirements');
  const { stdout } = await promisify(execFile)(bin, [
    '-I',
    '-c',
    `import asyncio\n${program('asyncio.run')}`,
  ]);
  expect(JSON.parse(stdout)).toEqual(answer());
});

describe("Pyodide's loadPackage", () => {
  test('loads the wheels of a closure by their URLs', async () => {
    const requirements = NAMES.map((name) => `requirement=${name}`).join('&');
    const response = await fetch(`${origin()}/v1/sets/${SERVED_FLAG}/pyodide-lock.json?${requirements}`);
    const lock = (await response.json()) as PyodideLock;
    const packages = Object.values(lock.packages).map(({ file_name }) => file_name);
    expect(packages.filter((url) => url.includes('pinwheel'))).toHaveLength(NAMES.length);
    const { result } = await load({ packages });
    expect(result.names).toHaveLength(packages.length);
    expect(JSON.parse(result.used)).toEqual(answer());
  });

  test('loads both by their names in the lock, with their dependencies on Emscripten and nothing else', async () => {
    const lock = `${origin()}/v1/sets/${SERVED_FLAG}/pyodide-lock.json`;
    const lockFileContents = await (await fetch(`${lock}?relative=true`)).text();
    const packageBaseUrl = new URL('files/', lock).href;
    const options = { lockFileContents, packageBaseUrl, packageCacheDir: folder };
    const { result } = await load({ packages: NAMES, options });
    expect(JSON.parse(result.used)).toEqual(answer());
    for (const name of ['anyio', 'certifi', 'h11', 'httpcore']) expect(result.names).not.toContain(name);
    expect(result.names).toContain('multidict');
  });
});

function load(question: { packages: string[]; options?: object }) {
  const use = `${program('await ')}\nprinted`;
  return runScript<{ names: string[]; used: string }>('load-package-host.ts', {
    ...question,
    pyodide: set.served.runtime,
    use,
  });
}

/** A request by each client. `wait` is what runs a coroutine there. */
function program(wait: string): string {
  return `
import importlib.metadata, json
import aiohttp, httpx

async def post():
    async with httpx.AsyncClient() as client:
        first = (await client.post("${server.origin}/echo", content=b"of httpx")).json()["body"]
    async with aiohttp.ClientSession() as session:
        async with session.post("${server.origin}/echo", data=b"of aiohttp") as response:
            return [first, (await response.json())["body"]]

bodies = ${wait}(post())
printed = json.dumps({"bodies": bodies, "versions": [importlib.metadata.version(name) for name in ${JSON.stringify(NAMES)}]})
print(printed)
`;
}

function answer(): object {
  const bodies = ['of httpx', 'of aiohttp'].map((text) => Buffer.from(text).toString('base64'));
  return { bodies, versions: patched('served').map(({ version }) => version) };
}
