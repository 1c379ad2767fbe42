/** Imports and installs the patched httpx in Pyodide. */
import { expect, test } from 'vitest';
import { runScript } from '../hosts.ts';
import { useServer } from '../server.ts';
import { whileServed } from '../wheel-server.ts';
import { httpxOnEmscripten } from './wheels.ts';

const server = useServer();

const use = () => `
import httpx
async with httpx.AsyncClient() as client:
    response = await client.post("${server.origin}/echo", files={"f": b"x"})
response.json()["method"] + " " + httpx.get("${server.origin}/bytes/3").text
`;

test('importing needs no network, entropy, ssl or thread, and may be part of a snapshot', async () => {
  const { result } = await runScript<{
    modules: string[];
    random_untouched: boolean;
    asked: string[];
    used: string;
  }>('snapshot-host.ts', {
    wheels: await httpxOnEmscripten(),
    imports: 'import httpx\nimport httpx._fetch.transport\nclient = httpx.AsyncClient()',
    use: use(),
  });
  expect(result.asked).toEqual([]);
  expect(result.random_untouched).toBe(true);
  expect(result.modules).toContain('httpx._fetch.exchange');
  for (const module of ['ssl', '_ssl', 'httpcore', 'anyio', 'certifi']) {
    expect(result.modules).not.toContain(module);
  }
  expect(result.used).toBe('POST xxx');
});

test('loadPackage loads the wheel from an address', async () => {
  const files = await httpxOnEmscripten();
  const { result } = await whileServed(files, (packages) =>
    runScript<{ names: string[]; used: string }>('load-package-host.ts', {
      packages,
      use: `${use().trimEnd()} + " " + httpx.__version__\n`,
    }),
  );
  expect(result.names.toSorted()).toEqual(['httpx', 'idna']);
  expect(result.used).toBe('POST xxx 0.28.1');
});
