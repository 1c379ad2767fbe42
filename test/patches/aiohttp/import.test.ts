/** Imports and installs the patched aiohttp in Pyodide. */
import { expect, test } from 'vitest';
import { runScript } from '../hosts.ts';
import { useServer } from '../server.ts';
import { whileServed } from '../wheel-server.ts';
import { aiohttpOnEmscripten, VERSION } from './wheels.ts';

const server = useServer();

const use = () => `
import aiohttp
async with aiohttp.ClientSession() as session:
    async with session.post("${server.origin}/echo", data=aiohttp.FormData({"f": "x"})) as response:
        method = (await response.json())["method"]
    async with session.ws_connect("${server.origin}/ws/echo") as socket:
        await socket.send_str("hello")
        heard = await socket.receive_str()
f"{method} {heard}"
`;

test('importing needs no network, entropy, ssl or thread, and may be part of a snapshot', async () => {
  const { result } = await runScript<{
    modules: string[];
    random_untouched: boolean;
    asked: string[];
    used: string;
  }>('snapshot-host.ts', { wheels: await aiohttpOnEmscripten(), imports: 'import aiohttp', use: use() });
  expect(result.asked).toEqual([]);
  expect(result.random_untouched).toBe(true);
  expect(result.modules).toContain('aiohttp._fetch.connector');
  for (const module of ['ssl', '_ssl', 'aiodns', 'brotli']) expect(result.modules).not.toContain(module);
  expect(result.used).toBe('POST hello');
});

test('loadPackage loads the wheel from an address', async () => {
  const [wheel, ...needed] = await aiohttpOnEmscripten();
  const files = [wheel!, ...needed.filter((path) => path.endsWith('-none-any.whl'))];
  const { result } = await whileServed(files, (packages) =>
    runScript<{ names: string[]; used: string }>('load-package-host.ts', {
      packages,
      use: `
import importlib.metadata
importlib.metadata.version("aiohttp")
`,
    }),
  );
  expect(result.names).toContain('aiohttp');
  expect(result.used).toBe(`${VERSION}+pinwheel.1`);
});
