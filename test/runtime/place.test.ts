/** Large files outside of the bundle: as static assets, and in an R2 bucket. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { bytesBelow, useWorkshop, WRANGLER } from './project.ts';
import { deployDry, serveByWrangler, wrangler } from './wrangler.ts';

const workshop = useWorkshop();

async function built(...words: string[]) {
  const folder = await workshop.copy(join(root, 'examples/hello'));
  const { stdout } = await workshop.built(folder, ...words);
  expect(await deployDry(folder)).toContain('--dry-run: exiting now.');
  // The project's own file has to be in its folder.
  const files = await bytesBelow(join(folder, 'dist/worker'));
  expect([...files.keys()].filter((path) => path.endsWith('.bin'))).toEqual(['project.bin']);
  return { folder, stdout };
}

async function ask(folder: string, path = '/'): Promise<string> {
  const worker = await serveByWrangler(folder, { logLevel: 'none' });
  try {
    const response = await worker.fetch(`http://x${path}`);
    return `${response.status} ${await response.text()}`;
  } finally {
    await worker.dispose();
  }
}

test('as static assets, which clients cannot download', async () => {
  const { folder } = await built('--place', 'assets');
  expect(await ask(folder)).toBe('200 Hello world!');
  const [name] = await readdir(join(folder, 'dist/worker/assets/_pinwheel'));
  expect(await ask(folder, `/_pinwheel/${name}`)).toBe('200 Hello world!');
});

test('in a bucket, by the printed commands; missing files are named', async () => {
  const { folder, stdout } = await built('--place', 'r2', '--bucket', 'files');
  expect(await ask(folder)).toMatch(/^500 [\s\S]*is not in its R2 bucket/);
  const commands = stdout
    .split('\n')
    .flatMap((line) => /npx wrangler (r2 object put .*) --remote$/.exec(line)?.[1] ?? []);
  expect(commands).toHaveLength(4);
  const here = [
    '--local',
    '--persist-to',
    join(folder, 'state'),
    '-c',
    join(folder, 'dist/worker/wrangler.json'),
  ];
  for (const command of commands) await wrangler(folder, ...command.split(' '), ...here);
  expect(await ask(folder)).toBe('200 Hello world!');
});

test('invalid options are rejected', async () => {
  const files = { 'src/entry.py': '', 'public/index.html': '' };
  const folder = await workshop.project(files, `${WRANGLER}\n[assets]\ndirectory = "public"\n`);
  const refused = async (...words: string[]) => {
    const { code, stderr } = await workshop.build(folder, ...words);
    expect(code).toBe(1);
    return stderr;
  };
  expect(await refused('--place', 'assets')).toContain('wrangler.toml has static assets of its own');
  expect(await refused('--place', 'r2')).toContain('No bucket is named');
});
