/** Packages beyond a set, in a real Pyodide: what `vendor` makes of an index. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadPyodide, version } from 'pyodide';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Pinwheel, usePinwheel } from '../cli/pinwheel.ts';
import { downloadWheel } from '../clients/pip-wheels.ts';
import { ending } from '../common/own.ts';
import { type ServedIndex, serveWheels } from '../resolver/solver/served-index.ts';
import { NO_WHEELHOUSE, wheelhouse } from './project.ts';

/** The Pyodide of these tests, with the wheels of the folder as its packages. */
async function startPyodide(...names: string[]) {
  const folder = `${dirname(wheelhouse!)}/`;
  const lock = JSON.parse(await readFile(wheelhouse!, 'utf8'));
  // The same ABI, of another release.
  lock.info.version = version;
  const lockFileContents = JSON.stringify(lock);
  const pyodide = await loadPyodide({ lockFileContents, packageBaseUrl: folder, packageCacheDir: folder });
  await pyodide.loadPackage(names, { messageCallback: () => {} });
  return pyodide;
}

describe.skipIf(wheelhouse === null)(wheelhouse === null ? NO_WHEELHOUSE : 'with real wheels', () => {
  let pinwheel: Pinwheel;
  let index: ServedIndex;
  beforeAll(async () => {
    const wheels = await Promise.all(
      ['django<6', 'asgiref', 'sqlparse'].map((requirement) => downloadWheel(requirement)),
    );
    [pinwheel, index] = await Promise.all([usePinwheel(), serveWheels(wheels).then(ending)]);
  });

  test('packages of a set from a file and of an index are vendored, and imported', async () => {
    const names = ['django', 'starlette', 'httpx', 'openai', 'fastapi'];
    const folder = await pinwheel.folderWith({});
    const args = [
      '--set',
      wheelhouse!,
      '--pyodide',
      version,
      '--index-url',
      index.url,
      '--cache',
      join(folder, 'cache'),
    ];
    const { code, stderr } = await pinwheel.run(['vendor', ...names, ...args], { cwd: folder });
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    // No package of the set is looked up in the index.
    expect(index.log.filter((line) => /simple/.test(line)).sort()).toEqual([
      'GET /simple/asgiref/',
      'GET /simple/django/',
      'GET /simple/sqlparse/',
    ]);
    const pyodide = await startPyodide('ssl');
    pyodide.FS.mkdir('/python_modules');
    pyodide.mountNodeFS('/python_modules', join(folder, 'python_modules'));
    const program = `
import asyncio, sys
sys.path.insert(0, "/python_modules")
import django, fastapi, httpx, openai, pydantic_core, starlette
from fastapi import FastAPI
app = FastAPI()

@app.get("/{word}")
async def shout(word: str, times: int = 1):
    return {"said": word.upper() * times}

async def ask():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        return (await client.get("/hey?times=2")).json()["said"]

said = asyncio.get_event_loop().run_until_complete(ask())
[module.__file__.split("/")[1] for module in (django, fastapi, httpx, openai, pydantic_core, starlette)], said`;
    const [places, said] = (await pyodide.runPythonAsync(program)).toJs() as [string[], unknown];
    expect(places).toEqual(Array(6).fill('python_modules'));
    expect(await said).toBe('HEYHEY');
  });
});
