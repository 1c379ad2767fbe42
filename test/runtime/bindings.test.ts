/** The settings of a wrangler file in the built Worker, and work after a response. */
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { downloadWheel } from '../clients/pip-wheels.ts';
import { answering, useWorkshop, WRANGLER } from './project.ts';
import { answerOf, serve } from './workerd.ts';
import { deployDry } from './wrangler.ts';

const workshop = useWorkshop();

const ENTRY = `import asyncio
from workers import Response, WorkerEntrypoint

done = []


async def later():
    await asyncio.sleep(0.01)
    done.append("later")


async def failing():
    await asyncio.sleep(0)
    raise ValueError("after the response")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/failing"):
            self.ctx.waitUntil(failing())
        elif not request.url.endswith("/done"):
            self.ctx.waitUntil(later())
        return Response(str(done))
`;

test('waitUntil: a coroutine continues after the response, and its failure is logged', async () => {
  const folder = await workshop.project({ 'src/entry.py': ENTRY });
  await workshop.built(folder);
  await using served = await serve(join(folder, 'dist/worker'));
  expect(await (await fetch(served.origin)).text()).toBe('[]');
  await expect.poll(async () => (await fetch(`${served.origin}/done`)).text()).toBe("['later']");
  expect(served.said()).toBe('');
  expect((await fetch(`${served.origin}/failing`)).status).toBe(200);
  await expect
    .poll(() => served.said())
    .toMatch(/File "entry.py", line \d+, in failing[\s\S]+ValueError: after the/);
});

test('a failure that nothing waits for, sys.exit() in a handler and a lacking binding are logged once', async () => {
  const entry = `import asyncio
import sys
from workers import Response, WorkerEntrypoint


async def forgotten():
    await asyncio.sleep(0)
    raise ValueError("of nobody")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/exits"):
            await asyncio.sleep(0)
            sys.exit("on purpose")
        if request.url.endswith("/lacks"):
            return Response(self.env.TOKEN)
        asyncio.create_task(forgotten())
        return Response("answered")
`;
  const folder = await workshop.project({ 'src/entry.py': entry });
  await workshop.built(folder);
  await using served = await serve(join(folder, 'dist/worker'));
  expect(await (await fetch(served.origin)).text()).toBe('answered');
  await expect
    .poll(() => served.said())
    .toMatch(
      /^Unhandled.+\nTraceback.+\n {2}File "entry.py", line 8, in forgotten\n.+\nValueError: of nobody\n$/s,
    );
  expect((await fetch(`${served.origin}/exits`)).status).toBe(500);
  await expect.poll(() => served.said()).toContain('SystemExit: on purpose');
  expect(served.said().split('SystemExit').length).toBe(2);
  expect((await fetch(`${served.origin}/lacks`)).status).toBe(500);
  await expect.poll(() => served.said()).toContain('AttributeError: env has no binding TOKEN\n');
});

test('what check says of an environment variable holds, and its fix, in a built Worker', async () => {
  const entry = (token: string) => answering('import os', `f"{os.getenv('TOKEN')} {${token}}"`);
  const folder = await workshop.project(
    { 'src/entry.py': entry('os.environ["TOKEN"]') },
    `${WRANGLER}\n[vars]\nTOKEN = "told"\n`,
  );
  const found = JSON.parse((await workshop.pinwheel.run(['check', folder, '--json'])).stdout).findings;
  expect(found).toMatchObject([{ code: 'environment_variable', severity: 'warning', line: 7 }]);
  const answer = async () => {
    await workshop.built(folder);
    await using served = await serve(join(folder, 'dist/worker'));
    const response = await fetch(served.origin);
    return [response.status, await response.text(), served.said()] as const;
  };
  const [status, , said] = await answer();
  expect([status, said]).toEqual([500, expect.stringMatching(/KeyError: .TOKEN/)]);
  await writeFile(join(folder, 'src/entry.py'), `import os\nTOKEN = os.environ["TOKEN"]\n`);
  const refused = await workshop.build(folder);
  expect([refused.code, refused.stderr.replace(/\s+/g, ' ')]).toEqual([
    1,
    expect.stringContaining(found[0].fix),
  ]);
  await writeFile(join(folder, 'src/entry.py'), entry(/self\.env\.\w+/.exec(found[0].fix)![0]));
  expect(await answer()).toEqual([200, 'None told', '']);
});

const FLAG = 'python_3.13_packages_2025_10_20';
const wheels = join(process.env.PINNED_WHEELS ?? '', FLAG);

const isThere = process.env.PINNED_WHEELS !== undefined && existsSync(wheels);
if (!isThere) console.log(`Settings skipped: PINNED_WHEELS names no folder with the wheels of ${FLAG}`);

describe.runIf(isThere)('settings of pydantic', () => {
  test('have no variables of a Worker, and with what check and build propose they have', async () => {
    const SETTINGS = `from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    token: str

`;
    const entry = (made: string, token: string) => answering(`${SETTINGS}${made}`, `${token}.token`);
    const folder = await workshop.project(
      {
        'src/entry.py': entry('SETTINGS = Settings()', 'SETTINGS'),
        'requirements.txt': 'pydantic-settings\n',
        'pyproject.toml': `[tool.pinwheel]\npackage-set = "${FLAG}"\nfind-links = ["${wheels}", "wheels"]\n`,
      },
      `${WRANGLER}\n[vars]\nTOKEN = "told"\n`,
    );
    for (const name of ['pydantic-settings', 'python-dotenv', 'typing-inspection']) {
      const { path, filename } = await downloadWheel(name);
      await cp(path, join(folder, 'wheels', filename));
    }
    const findings = async () =>
      JSON.parse((await workshop.pinwheel.run(['check', '--json'], { cwd: folder })).stdout).findings;
    const [{ fix }, ...others] = await findings();
    expect(others).toEqual([]);
    const refused = await workshop.build(folder, '--no-snapshot');
    expect([refused.code, refused.stderr.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining(fix)]);
    const made = /Settings\(.*?\)/.exec(fix)![0];
    await writeFile(join(folder, 'src/entry.py'), entry('', made));
    expect(await findings()).toMatchObject([{ severity: 'info', line: 1 }]);
    await workshop.built(folder, '--no-snapshot');
    expect(await answerOf(folder)).toBe('told');
  });
});

test('bindings of every kind are those of the project, and a package flag is not passed to workerd', async () => {
  const flag = 'python_3.13_packages_2026_09_16';
  const wrangler = `${WRANGLER.replace('"python_workers"', `"python_workers", "${flag}"`)}
[ai]
binding = "AI"

[[vectorize]]
binding = "INDEX"
index_name = "notes"

[[queues.producers]]
binding = "QUEUE"
queue = "notes"

[[services]]
binding = "OTHER"
service = "other"
`;
  const folder = await workshop.project({ 'src/entry.py': ENTRY }, wrangler);
  const { stdout } = await workshop.built(folder);
  expect(stdout).toContain(`of ${flag}.`);
  const { compatibility_flags } = JSON.parse(
    await readFile(join(folder, 'dist/worker/wrangler.json'), 'utf8'),
  );
  expect(compatibility_flags.filter((flag: string) => flag.includes('python'))).toEqual([]);
  // wrangler would reject the flag, which it does not know.
  const said = await deployDry(folder);
  for (const name of ['AI', 'INDEX', 'QUEUE', 'OTHER']) expect(said).toContain(`env.${name}`);
  expect(said).toContain('--dry-run: exiting now.');
});
