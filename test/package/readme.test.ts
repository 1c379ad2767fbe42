/** The snippets of the READMEs compile with strict TypeScript, and run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { type Installed, installPackage, lend, STRICT } from './installed.ts';

const READMES = ['README.md', 'cli/README.md', 'resolver/README.md', 'runtime/README.md'];
const texts = await Promise.all(READMES.map((path) => readFile(join(root, path), 'utf8')));
const snippets = texts
  .flatMap((text) => [...text.matchAll(/```ts\n([\s\S]*?)```/g)])
  .map(([, code], at) => ({ file: `readme-${at + 1}.ts`, code: code! }));

const TSCONFIG = { compilerOptions: STRICT, include: ['readme-*.ts'] };

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
  for (const name of ['@types/node', 'undici-types']) await lend(installed, name);
  const files = snippets.map(({ file, code }) => [file, code]);
  await installed.write({ ...Object.fromEntries(files), 'tsconfig.json': JSON.stringify(TSCONFIG) });
});

test('type-check', async () => {
  expect(snippets.length).toBeGreaterThan(3);
  const tsc = `${root}/node_modules/typescript/bin/tsc`;
  const { code, stdout } = await installed.run('node', [tsc, '-p', '.']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test.each(snippets)('$file runs, with the results in its comments', async ({ file, code }) => {
  const ended = await installed.run('node', [file]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  if (code.includes('fastapii')) expect(ended.stdout).toBe(`${/ \/\/ (.*)\n/.exec(code)![1]}\n`);
  else if (code.includes('console.log')) expect(ended.stdout).toContain("'fastapi==0.116.1'");
});

test('a resolver of documents of your own answers all that the bundled one does', async () => {
  const { code: own } = snippets.find(({ code }) => code.includes('openSet'))!;
  const asking = `
    import { createResolver as createBundled } from 'pinwheel-py/bundled';
    const [date, as_of] = ['2025-11-02', '2026-11-20'];
    const target = { compatibility_date: date, compatibility_flags: ['python_workers'], as_of };
    const answersOf = async (it) => JSON.stringify([
      await it.target(target),
      await it.resolve({ ...target, requirements: ['fastapi'] }),
      await it.when({ requirement: 'langchain', as_of }),
      await it.compare({ from: date, to: '2026-11-01', as_of }),
      await it.check({ ...target, files: { 'main.py': 'import threading' } }),
    ]);
    console.log(await answersOf(pinwheel) === await answersOf(createBundled()));`;
  await installed.write({ 'own.mts': `${own}${asking}` });
  expect(await installed.run('node', ['own.mts'])).toEqual({ code: 0, stdout: 'true\n', stderr: '' });
});

test('the command prints what the README shows', async () => {
  const [, line, shown] = /```console\n\$ npx (.*)\n([\s\S]*?)```/.exec(texts[0]!)!;
  const [, ...args] = line!.split(' ');
  const bin = join(installed.project, 'node_modules/pinwheel-py/bin/pinwheel.mjs');
  const { code, stdout, stderr } = await installed.run('node', [bin, ...args]);
  expect({ code, printed: `${stdout}${stderr}` }).toEqual({ code: 0, printed: shown });
});
