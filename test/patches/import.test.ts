/** Imports and installs the patched clients in Pyodide. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serveFiles } from '../clients/serve-files.ts';
import { aiohttpOnEmscripten, VERSION } from './aiohttp/wheels.ts';
import { runScript } from './hosts.ts';
import { httpxOnEmscripten } from './httpx/wheels.ts';
import { useServer } from './server.ts';

const server = useServer();

const useHttpx = () => `
import httpx
async with httpx.AsyncClient() as client:
    response = await client.post("${server.origin}/echo", files={"f": b"x"})
response.json()["method"] + " " + httpx.get("${server.origin}/bytes/3").text`;

const useAiohttp = () => `
import aiohttp
async with aiohttp.ClientSession() as session:
    async with session.post("${server.origin}/echo", data=aiohttp.FormData({"f": "x"})) as response:
        method = (await response.json())["method"]
    async with session.ws_connect("${server.origin}/ws/echo") as socket:
        await socket.send_str("hello")
        heard = await socket.receive_str()
f"{method} {heard}"`;

describe.each([
  {
    client: 'httpx',
    wheels: httpxOnEmscripten,
    imports: 'import httpx\nimport httpx._fetch.transport\nclient = httpx.AsyncClient()',
    use: useHttpx,
    used: 'POST xxx',
    has: 'httpx._fetch.exchange',
    lacks: ['ssl', '_ssl', 'httpcore', 'anyio', 'certifi'],
    loads: ['httpx', 'idna'],
    useLoaded: () => `${useHttpx()} + " " + httpx.__version__`,
    usedLoaded: 'POST xxx 0.28.1',
  },
  {
    client: 'aiohttp',
    wheels: aiohttpOnEmscripten,
    imports: 'import aiohttp',
    use: useAiohttp,
    used: 'POST hello',
    has: 'aiohttp._fetch.connector',
    lacks: ['ssl', '_ssl', 'aiodns', 'brotli'],
    loads: expect.arrayContaining(['aiohttp']),
    useLoaded: () => 'import importlib.metadata\nimportlib.metadata.version("aiohttp")',
    usedLoaded: `${VERSION}+pinwheel.1`,
  },
])('$client', ({ wheels, imports, use, used, has, lacks, loads, useLoaded, usedLoaded }) => {
  test('importing needs no network, entropy, ssl or thread, and may be part of a snapshot', async () => {
    const { result } = await runScript<{
      modules: string[];
      random_untouched: boolean;
      asked: string[];
      used: string;
    }>('snapshot-host.ts', { wheels: await wheels(), imports, use: use() });
    expect(result.asked).toEqual([]);
    expect(result.random_untouched).toBe(true);
    expect(result.modules).toContain(has);
    for (const module of lacks) expect(result.modules).not.toContain(module);
    expect(result.used).toBe(used);
  });

  test('loadPackage loads the wheel from an address', async () => {
    const files = (await wheels()).filter((path, at) => at === 0 || path.endsWith('-none-any.whl'));
    const byPath = new Map(files.map((path) => [`/${encodeURIComponent(basename(path))}`, path]));
    const { origin } = await serveFiles(async (path) => readFile(byPath.get(path)!));
    const { result } = await runScript<{ names: string[]; used: string }>('load-package-host.ts', {
      packages: [...byPath.keys()].map((path) => origin + path),
      use: useLoaded(),
    });
    expect(result.names.toSorted()).toEqual(loads);
    expect(result.used).toBe(usedLoaded);
  });
});
