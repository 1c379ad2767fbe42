/** The patched wheels from the registry: by pip, and by Pyodide's `loadPackage`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { ending, newFolder } from '../common/own.ts';
import { runScript } from '../patches/hosts.ts';
import { startServer, type TestServer } from '../patches/server.ts';
import { type PatchedSet, SERVED_FLAG, servePatchedSet } from './patched-set.ts';
import { MACHINE, runPip } from './run-pip.ts';

const NAMES = ['aiohttp', 'httpx'];

let set: PatchedSet;
let server: TestServer;
let folder: string;

beforeAll(async () => {
  set = await servePatchedSet();
  server = ending(await startServer());
});
beforeEach(async () => {
  folder = newFolder();
});

const origin = () => set.registry.url.origin;
const patched = (from: 'published' | 'served') =>
  set[from].packages.filter(({ name }) => NAMES.includes(name));

test('no built wheel is missing, and the published set has the current patches', () => {
  expect(set.registry.missing).toEqual([]);
  expect(patched('published').map(({ sha256 }) => sha256)).toEqual(
    patched('served').map(({ sha256 }) => sha256),
  );
});

test('pip installs both with their dependencies, pip check passes, and they work like upstream', async () => {
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', folder]);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const index = `${origin()}/simple/${SERVED_FLAG}/`;
  const run = await runPip([...MACHINE, '--python', bin], index, ['install', '--quiet', ...NAMES]);
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

test("Pyodide's loadPackage loads both by their names in the lock, with their dependencies on Emscripten and nothing else", async () => {
  const lock = `${origin()}/v1/sets/${SERVED_FLAG}/pyodide-lock.json`;
  const lockFileContents = await (await fetch(`${lock}?relative=true`)).text();
  const packageBaseUrl = new URL('files/', lock).href;
  const { result } = await runScript<{ names: string[]; used: string }>('load-package-host.ts', {
    packages: NAMES,
    options: { lockFileContents, packageBaseUrl, packageCacheDir: folder },
    pyodide: set.served.runtime,
    use: `${program('await ')}\nprinted`,
  });
  expect(JSON.parse(result.used)).toEqual(answer());
  for (const name of ['anyio', 'certifi', 'h11', 'httpcore']) expect(result.names).not.toContain(name);
  expect(result.names).toContain('multidict');
});

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
