/** micropip in a real Pyodide, with the registry's simple index as its only one. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { loadPyodide } from 'pyodide';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { pyodideFolder } from '../patches/pyodide-releases.ts';
import { NO_WHEELHOUSE, wheelhouse } from '../runtime/project.ts';
import { type ServedWheelhouse, serveWheelhouse, TEST_FLAG } from './served-wheelhouse.ts';

/** The last release of its ABI that micropip 0.9 runs in. */
const PYODIDE = '0.28.0';
/** The global that Pyodide sets to its glue, and takes as it is if another release has set it. */
const GLUE = '_createPyodideModule';

describe.skipIf(wheelhouse === null)(wheelhouse === null ? NO_WHEELHOUSE : 'micropip', () => {
  let served: ServedWheelhouse;
  let pyodide: Awaited<ReturnType<typeof loadPyodide>>;
  let index: string;

  beforeAll(async () => {
    served = await serveWheelhouse(PYODIDE);
    index = new URL(`simple/${TEST_FLAG}/`, served.registry.url).href;
    const path = `v1/sets/${TEST_FLAG}/pyodide-lock.json?requirement=micropip`;
    // Not kept: the registry may close it while Pyodide starts here, when the next request is sent.
    const headers = { connection: 'close' };
    const lockFileContents = await (await fetch(new URL(path, served.registry.url), { headers })).text();
    const { packages } = JSON.parse(lockFileContents) as PyodideLock;
    const folder = await pyodideFolder(PYODIDE);
    const entry = pathToFileURL(join(folder, 'pyodide.mjs')).href;
    const release = (await import(entry)) as { loadPyodide: typeof loadPyodide };
    const glue = Reflect.get(globalThis, GLUE);
    Reflect.deleteProperty(globalThis, GLUE);
    pyodide = await release.loadPyodide({ lockFileContents, indexURL: folder });
    if (glue === undefined) Reflect.deleteProperty(globalThis, GLUE);
    else Reflect.set(globalThis, GLUE, glue);
    const urls = Object.values(packages).map(({ file_name }) => file_name);
    await pyodide.loadPackage(urls, { messageCallback: () => {} });
  });

  /** What Python prints as JSON. */
  const run = async (program: string) =>
    JSON.parse((await pyodide.runPythonAsync(`import json, micropip\n${program}`)) as string);
  const install = (...requirements: string[]) =>
    run(`
await micropip.install(${JSON.stringify(requirements)}, index_urls=${JSON.stringify(index)})
json.dumps({name: one.version for name, one in micropip.list().items()})`);

  test('installs pure wheels, wheels for its ABI and their dependencies', async () => {
    served.upstream.requests.length = 0;
    const installed = await install('openai', 'numpy>=2');
    expect(installed).toMatchObject({ openai: '1.68.2', 'pydantic-core': '2.27.2', numpy: '2.2.5' });
    // The registry fetched what was installed, and no other wheel.
    const fetched = served.upstream.requests.map((path) => path.split('/').at(-1)!.split('-')[0]);
    const before = ['micropip', 'packaging'];
    expect(fetched.sort()).toEqual(
      Object.keys(installed)
        .filter((name) => !before.includes(name))
        .map((name) => name.toLowerCase().replaceAll('-', '_'))
        .sort(),
    );
    const program = `
import jiter, numpy, pydantic
class Point(pydantic.BaseModel):
    x: int
json.dumps([Point(x="3").x, int(numpy.arange(4).sum()), jiter.from_json(b"[1]")])`;
    expect(await run(program)).toEqual([3, 6, [1]]);
  });

  test('reports packages that the set does not have', async () => {
    const failure = await install('django').catch(String);
    expect(failure).toContain('django');
    const older = await install('pillow<2').catch(String);
    expect(older).toContain("Can't find a pure Python 3 wheel for 'pillow<2'");
  });
});
