/** The commands that the README shows for a project, one after the other, in one that `pinwheel init` has written. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { CACHE, NO_WHEELHOUSE, useWorkshop, wheelhouse } from './project.ts';
import { serve } from './workerd.ts';

if (wheelhouse === null) console.log(`The commands of the README ${NO_WHEELHOUSE}`);

describe.runIf(wheelhouse !== null)('From an answer to a Worker', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const [, block] = /## From an answer to a Worker\n\n```sh\n([\s\S]*?)```/.exec(text)!;
  const lines = [...block!.matchAll(/^npx pinwheel (.*?)\s*(?:#.*)?$/gm)].map(([, words]) =>
    words!.split(' '),
  );

  const workshop = useWorkshop();
  let project: string;
  beforeAll(async () => {
    const home = await workshop.pinwheel.folderWith({});
    const { code } = await workshop.pinwheel.run(['init', 'app', '--template', 'fastapi'], { cwd: home });
    expect(code).toBe(0);
    project = join(home, 'app');
  });

  test('have the documented results', async () => {
    expect(lines.map(([command]) => command)).toEqual(['check', 'diff', 'vendor', 'build']);
    for (const words of lines) {
      const [command] = words;
      // Published sets pin wheels on other hosts; those that are available here are in a set from a file.
      const isFetched = command === 'vendor' || command === 'build';
      const cached = command === 'build' ? ['--cache', CACHE] : [];
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, NO_COLOR: '1', ...(isFetched && { PINWHEEL_SET: wheelhouse! }) };
      const ended = await workshop.pinwheel.run([...words, ...cached], { cwd: project, env });
      const expected = command === 'diff' ? 1 : 0;
      expect(ended, ended.stderr).toMatchObject({ code: expected });
      if (command === 'diff') expect(ended.stdout).toContain('This Worker is affected');
    }
    await using served = await serve(join(project, 'dist/worker'));
    expect(await (await fetch(served.origin)).json()).toEqual({ message: 'Hello world!' });
  });
});
