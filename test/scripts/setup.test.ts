/** `scripts/setup.mjs`, where npm prepares a package of a git repository that it installs for all, as pre-commit has it. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { newFolder, writeFiles } from '../common/own.ts';

test('installs what npm has not, into the package', async () => {
  const folder = newFolder();
  await mkdir(join(folder, 'scripts'));
  await cp(join(root, 'scripts/setup.mjs'), join(folder, 'scripts/setup.mjs'));
  await writeFiles(folder, {
    'package.json': '{ "name": "a", "version": "1.0.0", "dependencies": { "node": "file:other" } }',
    'other/package.json': '{ "name": "node", "version": "1.0.0" }',
    'other/bin/node': '#!/bin/sh\necho "the package\'s own Node runs $1"\n',
  });
  await chmod(join(folder, 'other/bin/node'), 0o755);
  const run = async (program: string, args: string[], env: Record<string, string>) =>
    (await promisify(execFile)(program, args, { cwd: folder, env: { ...process.env, ...env } })).stdout;
  await run('npm', ['install', '--package-lock-only', '--offline'], {});
  const preparing = { npm_lifecycle_event: 'prepare', npm_config_global: 'true' };
  const said = await run(process.execPath, ['scripts/setup.mjs', 'say.mjs'], preparing);
  expect(said).toContain("the package's own Node runs say.mjs");
});
