/** `pinwheel-py/project`, as a tool has it that installed the package: what it reads, its progress, and how it is stopped. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as Entry from '../../cli/entries/project.ts';
import { root } from '../../scripts/root.ts';
import { createWorld, type World } from '../clients/cli/vendor-world.ts';
import { documentedExports } from '../package/doc-comments.ts';
import { TEST_FLAG } from '../test-set.ts';
import { makeWheel } from '../zip.ts';
import { type Pinwheel, usePinwheel } from './pinwheel.ts';

let world: World;
let entry: typeof Entry;
/** With all data. */
let whole: typeof Entry;
beforeAll(async () => {
  world = await createWorld((shelf) => {
    for (const name of ['first', 'second']) {
      const filename = `${name}-1.0-py3-none-any.whl`;
      shelf.add(filename, makeWheel(name, '1.0'), { name, depends: name === 'first' ? ['second'] : [] });
    }
  });
  const entryOf = ({ script }: Pinwheel) => import(pathToFileURL(join(dirname(script), 'project.js')).href);
  [entry, whole] = await Promise.all([entryOf(world.pinwheel), entryOf(await usePinwheel())]);
});

const WRANGLER = `main = "src/entry.py"
compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"]
[env.staging]
compatibility_date = "2026-01-01"
`;
const folder = (files: Record<string, string> = {}) =>
  world.pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'src/entry.py': 'import first\n',
    'src/lib/__init__.py': '',
    'requirements.txt': '-r more.txt\n-c limits.txt\n',
    'more.txt': '# what it needs\nfirst\n',
    'limits.txt': 'second<2\n',
    'pyproject.toml': `[tool.pinwheel]\npackage-set = "${TEST_FLAG}"\n`,
    ...files,
  });
const open = async (path: string, options: Entry.ProjectOptions = {}) =>
  entry.readProject(path, { cache: join(path, 'cache'), ...options });

test('reads the wrangler file, its environment, requirements with those that they name, and sources', async () => {
  const home = await folder();
  expect(await open(join(home, 'src'), { env: 'staging' })).toEqual({
    config: join(home, 'wrangler.toml'),
    home,
    environment: 'staging',
    environments: ['staging'],
    compatibility_date: '2026-01-01',
    compatibility_flags: ['python_workers', TEST_FLAG],
    root: join(home, 'src'),
    main: join(home, 'src/entry.py'),
    sources: [join(home, 'src/entry.py'), join(home, 'src/lib/__init__.py')],
    requirementFiles: [join(home, 'requirements.txt')],
    requirements: [{ text: 'first', where: `${join(home, 'more.txt')}, line 2` }],
    constraints: [{ text: 'second<2', where: `${join(home, 'limits.txt')}, line 1` }],
    vendored: [],
    options: { cache: join(home, 'src/cache'), env: 'staging' },
  });
});

test('a project that is kept gives what its files say now, settings included', async () => {
  const flag = 'python_3.13_packages_2026_09_16';
  const home = await folder({
    'src/entry.py': `import jinja2\n${await readFile(join(root, 'examples/hello/src/entry.py'), 'utf8')}`,
    'requirements.txt': 'jinja2\n',
    'pyproject.toml': `[tool.pinwheel]\npackage-set = "${flag}"\n`,
  });
  const project = await whole.readProject(home);
  const { findings, target } = await whole.checkProject(project);
  expect(target.package_set.flag).toBe(flag);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  await writeFile(join(home, 'src/entry.py'), 'import third\n');
  await writeFile(join(home, 'pyproject.toml'), '');
  const again = await whole.checkProject(project);
  expect(again.target.package_set.flag).toBe('python_3.13_packages_2025_08_08');
  expect(again.findings.map(({ code }) => code)).toContain('missing_module');
  await writeFile(join(home, 'pyproject.toml'), '[tool.pinwheel]\nunpinned = ["numpy"]\n');
  await expect(whole.checkProject(project)).rejects.toThrow('unpinned');
});

describe('vendor', () => {
  test('tells a listener of each file, and unpacks beside the wrangler file', async () => {
    const home = await folder();
    const heard: string[] = [];
    const remarks: number[] = [];
    const listener: Partial<Entry.Listener> = {
      remarks: (all) => remarks.push(all.length),
      downloads: (files) => ({
        fetched: ({ filename }, { size, received }) => heard.push(`${filename} ${size === received}`),
        unpacked: ({ filename }) => heard.push(`unpacked ${filename}`),
        end: () => heard.push(`end of ${files}`),
      }),
    };
    const { packages, folder: to } = await entry.vendor(await open(home), { listener, jobs: 1 });
    expect(to).toBe(join(home, 'python_modules'));
    expect(await readFile(join(to, 'first/data.bin'), 'utf8')).toBe('first');
    const names = packages.map(({ filename }) => filename);
    expect(names).toHaveLength(2);
    const all = [...names.map((name) => `${name} true`), ...names.map((name) => `unpacked ${name}`)];
    expect(heard).toEqual([...all, 'end of 2']);
    expect(remarks).not.toContain(0);
  });

  test.each([
    ['cli/README.md', 'build(home, signal)'],
    ['its comment', 'packagesOf(await open(home), signal)'],
  ])('tells the listener of the example in %s', async (place, call) => {
    const documented = await documentedExports('pinwheel-py/project', 'cli/entries/project.ts');
    const code =
      place === 'its comment'
        ? documented.find(({ name }) => name === 'vendor')!.examples[0]!
        : /```ts\n([\s\S]*?)```/.exec(await readFile(join(root, place), 'utf8'))![1]!;
    const home = await folder({
      'src/entry.py': await readFile(join(root, 'examples/hello/src/entry.py'), 'utf8'),
      'pyproject.toml': '[tool.pinwheel]\nfind-links = ["wheels"]\n',
    });
    const filename = 'first-1.0-py3-none-any.whl';
    await mkdir(join(home, 'wheels'));
    await writeFile(join(home, 'wheels', filename), makeWheel('first', '1.0'));
    const run = `
const [home, { signal }] = [${JSON.stringify(home)}, new AbortController()];
const { readProject: open } = await import('pinwheel-py/project');
await ${call};
`;
    const { script } = await usePinwheel();
    const { href } = pathToFileURL(join(dirname(script), 'project.js'));
    const file = join(home, 'tool.mts');
    await writeFile(file, `${code}${run}`.replaceAll('pinwheel-py/project', href));
    const env = { ...process.env, XDG_CACHE_HOME: join(home, 'cache') };
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env });
    expect(stdout).toBe(`${filename}\n`);
  });

  test('ends with the reason of its signal amid a download, and leaves the folder as it was', async () => {
    const home = await folder();
    const stopping = new AbortController();
    const reason = new Error('The user has closed the window.');
    world.upstream.misbehave('/second-1.0-py3-none-any.whl', (response, _, bytes) => {
      // The rest never comes.
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 10));
    });
    const here = () => stopping.abort(reason);
    const vendored = entry.vendor(await open(home), {
      listener: { downloads: () => ({ here }) },
      signal: stopping.signal,
    });
    await expect(vendored).rejects.toBe(reason);
    expect(existsSync(join(home, 'python_modules'))).toBe(false);
    await expect(entry.checkProject(await open(home), { signal: stopping.signal })).rejects.toBe(reason);
    const later = new AbortController();
    const checked = entry.checkProject(await open(home), { signal: later.signal });
    later.abort(reason);
    await expect(checked).rejects.toBe(reason);
  });

  test.each(['fetched', 'unpacked'] as const)(
    'ends after the first file that is %s, if all are at hand',
    async (when) => {
      const home = await folder();
      const project = await open(home);
      const { packages } = await entry.vendor(project);
      const made = await readFile(join(home, 'python_modules/.pinwheel.json'), 'utf8');
      const stopping = new AbortController();
      const reason = new Error('The user has closed the window.');
      const heard: string[] = [];
      const hear = ({ filename }: Entry.DownloadedFile) => {
        heard.push(filename);
        stopping.abort(reason);
      };
      const listener = { downloads: () => ({ [when]: hear }) };
      await expect(entry.vendor(project, { jobs: 1, listener, signal: stopping.signal })).rejects.toBe(
        reason,
      );
      expect(heard).toEqual([packages[0]!.filename]);
      expect(await readFile(join(home, 'python_modules/.pinwheel.json'), 'utf8')).toBe(made);
      expect((await readdir(home)).filter((name) => name.startsWith('.'))).toEqual([]);
    },
  );

  test('throws the issues of the command line', async () => {
    const home = await folder({ 'more.txt': 'frist\n' });
    const error = await entry.vendor(await open(home)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(entry.ProjectError);
    const { exitCode, issues } = error as Entry.ProjectError;
    expect(exitCode).toBe(1);
    expect(issues).toMatchObject([
      {
        code: 'unknown_package',
        where: `${join(home, 'more.txt')}, line 1`,
        fixes: [{ kind: 'set_requirement' }],
      },
    ]);
  });
});

test('says what to do as data, and names options by their members', async () => {
  const index = 'https://acme.example/simple/';
  const home = await folder({
    'more.txt': 'frist-of-acme\n',
    'theirs/a.txt': '',
    'pyproject.toml': `[tool.pinwheel]\npackage-set = "${TEST_FLAG}"\n[[tool.uv.index]]\nurl = "${index}"\n`,
  });
  const project = await open(home);
  const issueOf = async (task: Promise<unknown>) => {
    const error = await task.catch((error: unknown) => error);
    return (error as Entry.ProjectError).issues[0]!;
  };
  const { fix, fixes } = await issueOf(entry.vendor(project, { dryRun: true }));
  expect(fixes).toEqual([{ kind: 'use_index', requirement: 'frist-of-acme', packages: [], urls: [index] }]);
  expect(fix).toContain(`The index that the project names may have it: ask with index=${index}.`);
  expect((await issueOf(whole.tryProject(project, { timeout: -1 }))).message).toMatch(/^timeout -1 is not/);
  const registry = (await issueOf(open(home, { registry: 'http://127.0.0.1:1' }))).fix;
  expect(registry).toContain('or leave out registry to use');
  const fixOf = async (task: Promise<unknown>) => (await issueOf(task)).fix;
  expect(await fixOf(entry.vendor(project, { to: 'theirs', dryRun: true }))).toContain('`force`');
  expect(await fixOf(open(home, { env: 'other' }))).not.toContain('--');
  expect(await fixOf(open(home, { findLinks: ['none'] }))).toContain('`findLinks` takes a folder');
});

test.each(['.', '..', 'src', '../api', ''])('nothing replaces the project: %j', async (to) => {
  const home = await folder({ 'pyproject.toml': '' });
  const project = await whole.readProject(home);
  const named = to === '../api' ? join('..', basename(home)) : to;
  const options = { to: named, force: true };
  const refused = `${join(home, named)} would replace ${home}`;
  await expect(whole.vendor(project, options)).rejects.toThrow(refused);
  await expect(whole.vendor(project, { ...options, dryRun: true })).rejects.toThrow(refused);
  await expect(whole.buildWorker(project, { ...options, snapshot: false })).rejects.toThrow(refused);
  expect(await readFile(join(home, 'src/entry.py'), 'utf8')).toBe('import first\n');
});

test('refuses options that TypeScript would refuse, and those of no project', async () => {
  const home = await folder();
  const refused = async (options: object, message: string) => {
    const error = await entry.readProject(home, options).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(entry.ProjectError);
    expect((error as Entry.ProjectError).message).toBe(message);
    expect((error as Entry.ProjectError).issues).toMatchObject([{ code: 'invalid_question' }]);
  };
  await refused(
    { flags: 'python_workers' },
    "flags has to be a list of strings, but is the string 'python_workers'.",
  );
  await refused(
    { requirements: 'more.txt' },
    "requirements has to be a list of strings, but is the string 'more.txt'.",
  );
  await refused({ date: new Date() }, 'date has to be a string, but is a date.');
  await refused({ enviroment: 'staging' }, 'There is no field enviroment.');
  const project = open(home);
  await expect(entry.vendor(project as never)).rejects.toThrow('give what readProject returned, after await');
  for (const jobs of [0, 1.5, 33]) {
    await expect(entry.vendor(await project, { jobs })).rejects.toThrow(
      `jobs ${jobs} is not a number from 1 to 32`,
    );
  }
});

test('a file that is not there is named, without a folder that its path is not relative to', async () => {
  const home = await folder();
  const error = await entry
    .readProject(home, { requirements: ['none.txt'] })
    .catch((error: unknown) => error);
  expect((error as Entry.ProjectError).issues).toMatchObject([
    {
      message: `${join(home, 'none.txt')} could not be read: there is no such file.`,
      fix: 'Check the path.',
    },
  ]);
});

test('the folder for downloads is relative to the project, as all paths are', async () => {
  const home = await folder();
  await entry.vendor(await entry.readProject(home, { cache: '../its-cache' }));
  expect(existsSync(join(dirname(home), 'its-cache'))).toBe(true);
});

test('audits what the project requires, without the options of a command', async () => {
  const home = await folder({ 'pyproject.toml': '', 'requirements.txt': 'fastapi\n' });
  const { findings, ignored } = await whole.auditProject(await whole.readProject(home));
  expect(findings.map(({ name }) => name)).toContain('starlette');
  expect(ignored).toEqual([]);
});
