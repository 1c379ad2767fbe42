/** The patched wheels of every patch and every upstream version that its manifest names. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyPatch } from '../../cli/packages/patch/apply-patch.ts';
import { type BuiltWheel, buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { listPatches, readPatch, type Upstream } from '../../cli/packages/patch/patch-folder.ts';
import { fetchUpstream } from '../../cli/packages/patch/upstream-wheel.ts';
import { root, wheelCache } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { pip, python } from './python-packages.ts';
import { wheelFacts } from './wheel-facts.ts';

const fflate = JSON.parse(readFileSync(join(root, 'node_modules', 'fflate', 'package.json'), 'utf8'));

const subjects: { name: string; upstream: Upstream }[] = [];
for (const name of await listPatches()) {
  const { manifest } = await readPatch(name);
  for (const upstream of manifest.upstream) subjects.push({ name, upstream });
}

const folder = newFolder();

describe.each(subjects)('$name $upstream.version', ({ name, upstream }) => {
  let original: Uint8Array;
  let originalPath: string;
  let built: BuiltWheel;
  let path: string;
  beforeAll(async () => {
    original = await fetchUpstream(name, upstream, wheelCache);
    originalPath = join(folder, upstream.filename);
    writeFileSync(originalPath, original);
    built = await buildVersion({ package: name, version: upstream.version }, wheelCache);
    path = join(folder, built.filename);
    writeFileSync(path, built.bytes);
  });

  test('the same bytes in another folder, time zone and Node', async () => {
    // The builder as one JavaScript file beside a copy of the patches, for versions of Node without TypeScript.
    const elsewhere = join(folder, `elsewhere ${name}`);
    cpSync(join(root, 'data', 'patches'), join(elsewhere, 'data', 'patches'), { recursive: true });
    cpSync(join(root, 'package.json'), join(elsewhere, 'package.json'));
    const outfile = join(elsewhere, 'scripts', 'main.mjs');
    const entryPoints = [join(root, 'scripts', 'patch', 'main.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const zones = ['UTC', 'Pacific/Kiritimati', 'America/St_Johns', 'Europe/Berlin'];
    const nodes = [process.execPath, ...installedNodes()];
    const versions = nodes.map((node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
    expect(new Set(versions).size, `Nodes ${versions}`).toBeGreaterThan(1);
    for (const [index, zone] of zones.entries()) {
      const to = join(elsewhere, `to ${index}`);
      const node = nodes[index % nodes.length]!;
      const args = [outfile, `${name}==${upstream.version}`, '--wheel', originalPath, '--to', to];
      execFileSync(node, args, { cwd: tmpdir(), env: { ...process.env, TZ: zone } });
      expect(readdirSync(to)).toEqual([built.filename]);
      expect(Buffer.compare(readFileSync(join(to, built.filename)), built.bytes), `${node} ${zone}`).toBe(0);
    }
  });

  test('an upstream wheel with another SHA-256 is rejected', async () => {
    const { patch } = built;
    const damaged = Uint8Array.from(original);
    damaged[damaged.length >> 1]! ^= 1;
    await expect(applyPatch(damaged, upstream, patch)).rejects.toThrow(upstream.sha256);
    writeFileSync(join(folder, 'damaged.whl'), damaged);
    await expect(
      buildVersion({ package: name, version: upstream.version }, wheelCache, join(folder, 'damaged.whl')),
    ).rejects.toThrow('SHA-256');
  });

  test('RECORD, METADATA, WHEEL, licences and times', async () => {
    const before = await wheelFacts(originalPath);
    const after = await wheelFacts(path);
    expect(after.issues).toEqual([]);
    expect(after.times).toEqual([[1980, 1, 1, 12, 0, 0]]);
    expect(after.version).toBe(`${upstream.version}+pinwheel.${built.patch.manifest.release}`);
    expect(after.name).toBe(before.name);
    expect(after.extras).toEqual(before.extras);
    expect(after.description).toBe(before.description);
    expect(after.licences).toEqual(before.licences);
    expect(Object.keys(after.licences)).not.toEqual([]);
    const changed = built.patch.manifest.requires_dist;
    expect(after.requires).toEqual(before.requires.flatMap((item) => changed[item] ?? [item]));
    expect(after.tags).toEqual(built.patch.manifest.tag ? [built.patch.manifest.tag] : before.tags);
    expect(built.filename.endsWith(`-${after.tags[0]}.whl`)).toBe(true);
  });

  test('a wheel that is tagged for every platform has no compiled code, nor its source', async () => {
    const { tags, pure, names, compiled } = await wheelFacts(path);
    expect(tags).toEqual(['py3-none-any']);
    expect(pure).toBe('true');
    expect(compiled).toEqual([]);
    expect(names.filter((file) => /\.(so|pyd|dylib|dll|wasm|[cho]|pyx|pxd|pxi)$/.test(file))).toEqual([]);
  });

  test('the statement names the changes, the upstream wheel and the recipe', async () => {
    const before = (await wheelFacts(originalPath)).digests;
    const { statement, digests } = await wheelFacts(path);
    expect(statement.upstream).toEqual({ filename: upstream.filename, sha256: upstream.sha256 });
    expect(statement.recipe.sha256).toBe(built.patch.recipe);
    expect(statement.writer).toBe(`fflate ${fflate.version}, level 9`);
    const code = (all: Record<string, string>) =>
      Object.fromEntries(Object.entries(all).filter(([file]) => !file.includes('.dist-info/')));
    const own = code(digests);
    const theirs = code(before);
    const changed: Record<string, object> = {};
    for (const file of Object.keys(theirs)) {
      if (own[file] && own[file] !== theirs[file])
        changed[file] = { upstream: theirs[file], patched: own[file] };
    }
    expect(statement.files.changed).toEqual(changed);
    expect(statement.files.removed).toEqual(
      Object.keys(theirs)
        .filter((file) => !own[file])
        .sort(),
    );
    expect(statement.files.added).toEqual(
      Object.fromEntries(Object.entries(own).filter(([file]) => !theirs[file])),
    );
  });

  test('pip downloads and installs it, and pip check passes', async () => {
    const version = `${upstream.version}+pinwheel.${built.patch.manifest.release}`;
    const index = join(folder, `index ${name}`, name);
    mkdirSync(index, { recursive: true });
    writeFileSync(join(index, built.filename), built.bytes);
    const link = `<a href="${encodeURIComponent(built.filename)}#sha256=${built.sha256}">${built.filename}</a>`;
    writeFileSync(join(index, 'index.html'), `<!doctype html><title>${name}</title>${link}`);
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '0'];
    const to = join(folder, `downloaded ${name}`);
    // Only this index, and nothing of pip's own configuration.
    const here = ['--isolated', '--index-url', new URL(`file://${join(folder, `index ${name}`)}`).href];
    await pip(['download', ...options, ...here, '--no-deps', '--dest', to, `${name}==${version}`]);
    expect(Buffer.compare(readFileSync(join(to, built.filename)), built.bytes)).toBe(0);

    const environment = join(folder, `environment ${name}`);
    await python(['-m', 'venv', '--without-pip', environment]);
    const bin = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
    await pip(['--python', bin, 'install', ...options, '--only-binary', ':all:', path]);
    expect(await pip(['--python', bin, 'check'])).toContain('No broken requirements');
    expect(await pip(['--python', bin, 'show', name])).toContain(`Version: ${version}`);
    const imported = await promisify(execFile)(bin, [
      '-I',
      '-c',
      `import ${name}; print(${name}.__version__)`,
    ]);
    expect(imported.stdout.trim()).toBe(upstream.version);
  });

  test('a version that the manifest does not name is rejected by name', async () => {
    for (const version of ['0.0.1', `${upstream.version}.1`, upstream.version.slice(0, -1)]) {
      await expect(buildVersion({ package: name, version }, wheelCache)).rejects.toThrow(
        `${name} ${upstream.version}, not ${version}`,
      );
    }
  });
});

test('a package without a patch is rejected, and the patches are named', async () => {
  await expect(buildVersion({ package: 'requests', version: '2.0' }, wheelCache)).rejects.toThrow('httpx');
});

/** Other versions of Node on the path: there is at least the one that npm runs on. */
function installedNodes(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((each) => !each.includes('node_modules'));
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return folders.map((each) => join(each, name)).filter((each) => existsSync(each) && dirname(each) !== '');
}
