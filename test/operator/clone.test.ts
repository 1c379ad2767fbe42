/** A fresh clone: npm builds it, or says why it cannot, and the example leaves no files. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { copyProject, runIn } from '../common/project-copy.ts';
import { installPackage } from '../package/installed.ts';
import { CACHE } from '../runtime/project.ts';
import { serve } from '../runtime/workerd.ts';

let home: string;
let clone: string;
beforeAll(async () => {
  home = newFolder();
  clone = join(home, 'clone');
  await copyProject(clone);
  await run('git', ['init', '-q']);
  await run('git', ['add', '.']);
});

function run(command: string, args: string[], cwd = clone) {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    npm_config_cache: join(home, 'npm'),
    npm_config_offline: 'true',
  };
  return runIn(cwd, env as unknown as NodeJS.ProcessEnv, command, args);
}

/** Runs the file that package.json names, as npx does. */
const pinwheel = () => run('node', [packageJson.bin.pinwheel, '--version']);

test('is built at install, or says why not, and then runs', async () => {
  const index = join(clone, 'resolver/index.ts');
  await writeFile(index, 'export * from "./nowhere.ts";');
  const failed = await run('npm', ['run', 'prepare']);
  expect(failed.code).not.toBe(0);
  expect(failed.stderr).toContain('Could not resolve "./nowhere.ts"');
  const unbuilt = await pinwheel();
  expect(unbuilt).toMatchObject({ code: 3, stderr: expect.stringContaining('fix: Run npm run build there') });

  await cp(join(root, 'resolver/index.ts'), index);
  expect(await run('npm', ['run', 'prepare'])).toMatchObject({ code: 0 });
  expect(await pinwheel()).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });

  // The build stays if a later one fails.
  await writeFile(index, 'export * from "./nowhere.ts";');
  expect((await run('npm', ['run', 'prepare'])).code).not.toBe(0);
  expect(await pinwheel()).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
  await cp(join(root, 'resolver/index.ts'), index);
});

test('is installed into another project from its folder', async () => {
  const project = join(home, 'consumer');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const installed = await run('npm', ['install', clone], project);
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  const version = await run('npx', ['pinwheel', '--version'], project);
  expect(version).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
  await writeFile(join(project, 'it.mjs'), "import 'pinwheel-py/bundled';");
  expect(await run('node', ['it.mjs'], project)).toMatchObject({ code: 0, stderr: '' });
});

test('a project of init gets pinwheel from the clone that ran', async () => {
  const project = join(home, 'fresh');
  const init = await run('node', [join(clone, packageJson.bin.pinwheel), 'init', project]);
  expect(init).toMatchObject({ code: 0 });
  const { devDependencies } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  expect(devDependencies['pinwheel-py']).toBe('file:../clone');
});

test('with the packed package, the line that init prints installs, builds and has a Worker to run', async () => {
  const { project, run: inProject } = await installPackage();
  const { stdout } = await inProject('npx', ['pinwheel', 'init', 'api']);
  const [, line] = /^Next: (.*) && npx wrangler dev$/m.exec(stdout)!;
  // wrangler comes from npm; Pyodide, too, if no test has built with it before.
  await mkdir(CACHE, { recursive: true });
  await symlink(CACHE, join(home, 'pinwheel'));
  const env = { ...process.env, npm_config_prefer_offline: 'true', XDG_CACHE_HOME: home };
  const pasted = await runIn(project, env, 'sh', ['-c', line!]);
  expect(pasted, pasted.stderr).toMatchObject({ code: 0 });
  await using worker = await serve(join(project, 'api/dist/worker'));
  expect(await (await fetch(worker.origin)).text()).toContain('Hello');
  // npm could install them from where they are named; the project around has pinwheel-py too.
  const version = async (name: string) =>
    JSON.parse(await readFile(join(project, 'api/node_modules', name, 'package.json'), 'utf8')).version;
  expect(await version('pinwheel-py')).toBe(packageJson.version);
  expect(await version('wrangler')).toMatch(/^4\./);
});

test('its example runs, and leaves nothing that git does not ignore', async () => {
  const example = join(clone, 'examples/build-time');
  // As npm installs "file:../..", without the other packages of the clone.
  const place = join(example, 'node_modules/pinwheel-py');
  await mkdir(dirname(place), { recursive: true });
  await symlink('../../..', place);
  expect(await run('npm', ['run', '--silent', 'build', '--', '--dry-run'], example)).toMatchObject({
    code: 0,
    stdout: '11 packages of python_3.13_packages_2025_08_08, Python 3.13.2\n',
  });
  expect((await run('git', ['status', '--short', '--untracked-files=all'])).stdout).not.toContain('??');
});
