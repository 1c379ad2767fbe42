/** The project's documents name only things that exist. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/root.ts';

const PAPERS = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['cli', 'data', 'data/patches', 'registry', 'resolver', 'runtime', 'test/bench'].map(
    (folder) => `${folder}/README.md`,
  ),
];

test.each(PAPERS)('%s names existing files, folders and commands', async (paper) => {
  const text = await readFile(join(root, paper), 'utf8');
  const folders = ['data', 'resolver', 'cli', 'registry', 'runtime', 'scripts', 'test', 'examples', '.ci'];
  const inCode = [...text.matchAll(/`([^`\s{}*…]+)`/g)].map(([, code]) => code!);
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
  const named = inCode.filter((code) => folders.some((folder) => code.startsWith(`${folder}/`)));
  const paths = [...named, ...linked.map((path) => join(dirname(paper), path))];
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const scripts = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, script]) => script!);
  expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
});

const workflows = await readdir(join(root, '.github/workflows'));

test.each(workflows)(
  '%s runs existing commands, with pinned actions and minimal permissions',
  async (name) => {
    const text = await readFile(join(root, '.github/workflows', name), 'utf8');
    const scripts = [...text.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, script]) => script!);
    const files = [...text.matchAll(/(?:run: |\bnode )(\.?[a-z]+\/[\w./-]+)/g)].map(([, path]) => path!);
    const others = [...text.matchAll(/gh workflow run (\S+)/g)].map(([, file]) => file!);
    expect([...scripts, ...files]).not.toEqual([]);
    expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    for (const other of others) {
      expect(await readFile(join(root, '.github/workflows', other), 'utf8')).toContain('workflow_dispatch:');
    }
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action!);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)$/m);
    expect(text).not.toContain('write-all');
  },
);
