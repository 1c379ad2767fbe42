/** The README's snippets, as they stand: of the right types under strict TypeScript, and they run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { type Installed, installPackage, lend } from './installed.ts';

const readme = await readFile(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], at) => ({
  file: `readme-${at + 1}.ts`,
  code: code!,
}));

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
    noEmit: true,
  },
  include: ['readme-*.ts'],
};

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
  for (const name of ['@types/node', 'undici-types']) await lend(installed, name);
  const files = snippets.map(({ file, code }) => [file, code]);
  await installed.write({ ...Object.fromEntries(files), 'tsconfig.json': JSON.stringify(TSCONFIG) });
});
afterAll(() => installed?.remove());

test('are of the right types', async () => {
  expect(snippets.length).toBeGreaterThan(3);
  const tsc = `${root}/node_modules/typescript/bin/tsc`;
  const { code, stdout } = await installed.run('node', [tsc, '-p', '.']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test.each(snippets)('$file runs, and comes out as it says', async ({ file, code }) => {
  const ended = await installed.run('node', [file]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  if (code.includes('fastapii')) expect(ended.stdout).toBe(`${/ \/\/ (.*)\n/.exec(code)![1]}\n`);
  else if (code.includes('console.log')) expect(ended.stdout).toContain("'fastapi==0.116.1'");
});
