/** The papers for those who carry the project on: what they name is there. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/root.ts';

const PAPERS = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['cli', 'data', 'data/patches', 'registry', 'resolver', 'runtime', 'test/bench'].map(
    (room) => `${room}/README.md`,
  ),
];

test.each(PAPERS)('%s names files, folders and commands that there are', async (paper) => {
  const text = await readFile(join(root, paper), 'utf8');
  const rooms = ['data', 'resolver', 'cli', 'registry', 'runtime', 'scripts', 'test', 'examples', '.ci'];
  const inCode = [...text.matchAll(/`([^`\s{}*…]+)`/g)].map(([, code]) => code!);
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
  const named = inCode.filter((code) => rooms.some((room) => code.startsWith(`${room}/`)));
  const paths = [...named, ...linked.map((path) => join(dirname(paper), path))];
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const scripts = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, script]) => script!);
  expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
});
