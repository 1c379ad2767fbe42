/** FastAPI with the compiled pydantic-core, and numpy and Pillow: real packages, from a folder of wheels. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import parseExpression from 'spdx-expression-parse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryOf } from '../../cli/worker/ask.ts';
import { digestsBelow, moduleSizes } from '../../cli/worker/files.ts';
import { CACHE, NO_WHEELHOUSE, useWorkshop, WRANGLER, wheelhouse } from './project.ts';
import { type Served, serve } from './workerd.ts';

if (wheelhouse === null) console.log(`FastAPI, numpy and Pillow on workerd ${NO_WHEELHOUSE}`);

describe.runIf(wheelhouse !== null)('FastAPI', () => {
  const workshop = useWorkshop();
  let served: Served;
  let worker: string;
  beforeAll(async () => {
    const folder = await workshop.example('fastapi', '--set', wheelhouse!);
    worker = join(folder, 'dist/worker');
    served = await serve(worker, { PINWHEEL_CHECK_MEMORY: '1' });
  });
  afterAll(async () => {
    await served?.stop();
  });

  const ask = async (path: string, options?: RequestInit) => {
    const response = await fetch(served.origin + path, options);
    return { status: response.status, text: await response.text() };
  };

  test('answers, with the digest of the saved memory', async () => {
    expect(await ask('/')).toEqual({ status: 200, text: '{"message":"Hello from FastAPI"}' });
    expect(served.said()).toBe('');
  });

  test.each([
    ['class Default', 'python_workers'],
    ['async def on_fetch', 'disable_python_no_global_handlers'],
  ])(
    'without a handler is refused, and answers with the lines that are proposed: %s',
    async (style, flag) => {
      const entry =
        'from fastapi import FastAPI\n\nweb = FastAPI()\n\n\n@web.get("/")\ndef hello():\n    return "Hello"\n';
      const wrangler = WRANGLER.replace('"]', `", "${flag}"]`).replace(', "python_workers"', '');
      const folder = await workshop.project(
        { 'src/entry.py': entry, 'requirements.txt': 'fastapi\n' },
        wrangler,
      );
      const words = ['--set', wheelhouse!, '--no-snapshot'];
      const refused = await workshop.build(folder, ...words);
      expect(refused.code).toBe(1);
      const [said, lines] = refused.stderr.split('Add to the end of the main module:\n') as [string, string];
      expect(said).toContain(
        'The main module hands no request to its application web, so that every request fails.',
      );
      expect(lines).toContain(style);
      const checked = await workshop.pinwheel.run(['check', '--json', '--as-of', '2026-11-20'], {
        cwd: folder,
      });
      const isNamed = ({ code }: { code: string }) => code === 'no_handler';
      const [finding] = JSON.parse(checked.stdout).findings.filter(isNamed);
      expect(finding.fixes[0]).toMatchObject({ file: 'src/entry.py', line: lines.trimEnd() });
      await writeFile(join(folder, 'src/entry.py'), `${entry}\n${lines}`);
      expect((await workshop.build(folder, ...words)).stderr).not.toContain('error');
      await using answering = await serve(join(folder, 'dist/worker'));
      const response = await fetch(answering.origin);
      expect([response.status, await response.text()]).toEqual([200, '"Hello"']);
    },
  );

  test('has 12.4 MB gzipped with its snapshot, and 3 MB without files that can be outside the bundle', async () => {
    const sizes = await moduleSizes(worker, await digestsBelow(worker), CACHE);
    const total = (parts: typeof sizes) => parts.reduce((sum, { gzipped }) => sum + gzipped, 0);
    expect(total(sizes)).toBeLessThanOrEqual(12_400_000);
    const movable = ['snapshot', 'standard library', 'packages'];
    expect(total(sizes.filter(({ part }) => !movable.includes(part)))).toBeLessThanOrEqual(3_000_000);
  });

  test('the largest parts are named with what requires them, and are no larger than the whole', async () => {
    const explained = await workshop.build(
      dirname(dirname(worker)),
      '--set',
      wheelhouse!,
      '--explain-size',
      '--json',
    );
    const { sizes, largest } = JSON.parse(explained.stdout);
    expect(largest).toHaveLength(10);
    const chainOf = (name: string) => largest.find(({ part }: { part: string }) => part === name)?.chain;
    expect(chainOf('pydantic-core')).toEqual(['fastapi', 'pydantic', 'pydantic-core']);
    expect(chainOf('snapshot/base.bin')).toBeNull();
    const gzipped = largest.map((part: { gzipped: number }) => part.gzipped);
    expect(gzipped).toEqual(gzipped.toSorted((a: number, b: number) => b - a));
    const sum = (of: readonly { gzipped: number }[]) => of.reduce((all, part) => all + part.gzipped, 0);
    expect(sum(largest)).toBeLessThan(sum(sizes));
    // The parts that are not named are a tenth at most.
    expect(sum(largest)).toBeGreaterThan(0.9 * sum(sizes));
  });

  test('lists the packages that it redistributes, with licences and sources', async () => {
    const text = await readFile(join(worker, 'sbom.cdx.json'), 'utf8');
    // CycloneDX's schema, with the identifiers of SPDX.
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
    const { components } = JSON.parse(text);
    const expressions = components.flatMap(
      ({ licenses = [] }: { licenses?: { expression?: string }[] }) => licenses[0]?.expression ?? [],
    );
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) expect(() => parseExpression(expression), expression).not.toThrow();
    const find = (name: string) => components.find((candidate: { name: string }) => candidate.name === name);
    expect(find('fastapi')).toMatchObject({
      purl: 'pkg:pypi/fastapi@0.142.2',
      licenses: [{ expression: 'MIT' }],
    });
    expect(find('jinja2').licenses).toEqual([{ license: { name: 'BSD License' } }]);
    expect(find('ssl')).toBeUndefined();
    expect(find('pydantic-core').licenses).toEqual([{ expression: 'MIT' }]);
    expect(find('pinwheel-py')).toMatchObject({ licenses: [{ license: { id: 'MIT' } }] });
    const notice = await readFile(join(worker, 'NOTICE'), 'utf8');
    expect(notice).toContain('The Pinwheel authors');
    expect(notice).toContain('Sebastián Ramírez');
  });

  test('renders by Jinja2', async () => {
    expect((await ask('/hi/bob')).text).toBe('{"message":"Hello, bob!"}');
  });

  test('has the variables', async () => {
    expect((await ask('/env')).text).toBe('{"message":"My env var"}');
  });

  test('runs functions that are not async in place', async () => {
    expect((await ask('/sync')).status).toBe(200);
  });

  test('validates by pydantic-core', async () => {
    const post = (body: object) =>
      ask('/items', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect(JSON.parse((await post({ name: 'a', price: '2.5' })).text)).toEqual({
      name: 'a',
      price: 2.5,
      tags: [],
    });
    const refused = await post({ name: 'a' });
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.text).detail[0]).toMatchObject({ type: 'missing', loc: ['body', 'price'] });
  });

  test('streams: parts arrive as they are made', async () => {
    const response = await fetch(`${served.origin}/parts`);
    const parts: string[] = [];
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) parts.push(part);
    expect(parts.join('')).toBe('part 0\npart 1\npart 2\npart 3\npart 4\n');
    expect(parts.length).toBeGreaterThan(1);
  });

  test.each([
    [
      'fastapi==0.1',
      'pyodide-lock.json pins 0.142.2.',
      'To stay with this set, ask for fastapi. An index may have another: --index --unpin fastapi.',
    ],
    ['fastapy', 'has no package of that name', 'Did you mean fastapi'],
    ['yaml', 'has no package of that name', 'The module yaml comes with pyyaml'],
    ['polars', 'has no package of that name', 'An index may have it: --index for PyPI'],
  ])('%s, which the set does not have, is rejected with a fix', async (asked, message, fix) => {
    const folder = await workshop.project({ 'src/entry.py': '', 'requirements.txt': `${asked}\n` });
    const { code, stderr } = await workshop.build(folder, '--set', wheelhouse!);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain(fix);
  });
});

const PICTURES = `import io

import asgi
import numpy as np
from fastapi import FastAPI, Response
from PIL import Image
from workers import WorkerEntrypoint

app = FastAPI()


@app.get("/")
def picture():
    import tarfile  # The standard library is decompressed for this module.

    data = io.BytesIO()
    Image.fromarray(np.full((64, 64, 3), 7, "uint8")).save(data, "PNG")
    return Response(data.getvalue(), media_type="image/png")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
`;

describe.runIf(wheelhouse !== null)('FastAPI with numpy and Pillow', () => {
  const workshop = useWorkshop();

  test('has 100 MB of memory at most, at rest and under load, and what it decompresses is not kept', async () => {
    const folder = await workshop.project({
      'src/entry.py': PICTURES,
      'requirements.txt': 'fastapi\nnumpy\npillow\n',
    });
    const { stdout } = await workshop.built(folder, '--set', wheelhouse!);
    const [, python, files] = /^An instance starts with (\d+) MB for Python and (\d+) MB of files/m.exec(
      stdout,
    )!;
    await using served = await serve(join(folder, 'dist/worker'), {}, undefined, true);
    const ask = async () => expect((await fetch(served.origin)).status).toBe(200);
    const measured = async () => {
      const memory = (await memoryOf(served.inspector!))!;
      expect(memory.heap + memory.buffers + memory.wasm).toBeLessThanOrEqual(100_000_000);
      // Garbage is collected while the Worker answers.
      const megabytesAfterOne = async () => {
        await ask();
        return (await memoryOf(served.inspector!))!.buffers / 1_000_000;
      };
      await expect.poll(megabytesAfterOne).toBeLessThan(Number(files) + 4);
      return memory.wasm / 1_000_000;
    };
    await ask();
    expect(Math.abs((await measured()) - Number(python))).toBeLessThan(8);
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 16 }, ask));
    await measured();
  });
});
