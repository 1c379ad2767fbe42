/** The patches in `data/patches/` as they stand, and what they have in common. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layOver } from '../../../cli/packages/patch/apply-patch.ts';
import {
  listPatches,
  Manifest,
  type Patch,
  readPatch,
  readPatchRelease,
} from '../../../cli/packages/patch/patch-folder.ts';
import { root } from '../../../scripts/root.ts';
import { newFolder } from '../../common/own.ts';

const patchesFolder = join(root, 'data', 'patches');
const patches = await Promise.all(
  (await listPatches()).map(async (name): Promise<[string, Patch]> => [name, await readPatch(name)]),
);

test('shared files are part of several patches', async () => {
  expect(patches.map(([name]) => name)).toEqual(['aiohttp', 'httpx']);
  const used = patches.map(([, { manifest }]) => manifest.shared?.files.toSorted());
  const shared = (await readdir(join(patchesFolder, 'shared'))).filter((name) => name.endsWith('.py')).sort();
  expect(used).toEqual(patches.map(() => shared));
});

test.each<[string, Partial<Manifest>]>([
  ['a line of METADATA more', { requires_dist: { anyio: ['anyio\nProvides-Extra: x'] } }],
  ['what is no requirement', { requires_dist: { anyio: ['anyio ='] } }],
  ['a file that Python runs at its start', { add: ['evil.pth'] }],
  ['a module that Python imports at its start', { add: ['sitecustomize.py'] }],
  ['a package that Python imports at its start', { replace: ['usercustomize/__init__.py'] }],
  ['a file that describes the wheel', { add: ['httpx-1.0.dist-info/entry_points.txt'] }],
  ['a pattern of nested stars', { remove: ['**/*a*a*a*a*a*a*a*b'] }],
  ['an empty pattern', { remove: [''] }],
])('a patch has not %s', (_, change) => {
  const { manifest } = patches[1]![1];
  expect(Manifest.safeParse(manifest).success).toBe(true);
  expect(Manifest.safeParse({ ...manifest, ...change }).success).toBe(false);
});

test('no six lines are in two patches', () => {
  const seen = new Map<string, string>();
  const twice = new Set<string>();
  for (const [name, { files }] of patches) {
    for (const [path, content] of files) {
      if (!path.startsWith('files/')) continue;
      const lines = textOf(content)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^(from|import) /.test(line));
      for (let at = 0; at + 6 <= lines.length; at++) {
        const six = lines.slice(at, at + 6).join('\n');
        const where = `${name} ${path}`;
        const other = seen.get(six);
        if (other !== undefined && other !== where) twice.add(`${other} and ${where}:\n${six}`);
        seen.set(six, where);
      }
    }
  }
  expect([...twice]).toEqual([]);
});

describe.each(patches)('the patch of %s', (name, patch) => {
  test('has no modules that import each other in a circle', () => {
    const imports = importsOf(name, patch);
    expect(imports.size).toBeGreaterThan(15);
    expect(
      [...imports].flatMap(([module, others]) =>
        others.filter((other) => !imports.has(other)).map((other) => [module, other]),
      ),
    ).toEqual([]);
    expect(findCircle(imports)).toEqual([]);
  });

  test('adds every file to its package, and reports a missing one', () => {
    const upstream = new Map(patch.manifest.append.map((path) => [path, new Uint8Array()]));
    const manifest = { ...patch.manifest, remove: [] };
    const laid = layOver(upstream, { ...patch, manifest });
    const added = manifest.add.length + manifest.shared!.files.length;
    expect(laid.size).toBe(upstream.size + added);
    expect([...laid.keys()].every((path) => path.startsWith(`${name}/`))).toBe(true);
    const files = new Map(patch.files);
    files.delete('shared/host.py');
    expect(() => layOver(upstream, { ...patch, manifest, files })).toThrow('the patch has no shared/host.py');
    const taken = new Map([...upstream, [`${manifest.shared!.into}/host.py`, new Uint8Array()]]);
    expect(() => layOver(taken, { ...patch, manifest })).toThrow('upstream already has');
  });
});

describe('a recipe', () => {
  async function copy(): Promise<string> {
    const folder = newFolder();
    await cp(patchesFolder, folder, { recursive: true });
    return folder;
  }

  test('covers shared files', async () => {
    const folder = await copy();
    const { recipe } = await readPatch('httpx');
    expect((await readPatch('httpx', join(folder, 'httpx'))).recipe).toBe(recipe);
    await writeFile(join(folder, 'shared', 'host.py'), '"""Another."""\n');
    expect((await readPatch('httpx', join(folder, 'httpx'))).recipe).not.toBe(recipe);
  });

  test('does not change for an older release, which has a copy of the shared files', async () => {
    const folder = await copy();
    const { recipe } = await readPatch('httpx');
    const older = join(folder, 'httpx.1');
    await cp(join(folder, 'httpx'), older, { recursive: true });
    await cp(join(folder, 'shared'), join(older, 'shared'), { recursive: true });
    const manifest = join(folder, 'httpx', 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"release": 1', '"release": 2'));
    await writeFile(join(folder, 'shared', 'host.py'), '"""Another."""\n');
    expect((await readPatchRelease('httpx', 1, folder)).recipe).toBe(recipe);
    expect((await readPatchRelease('httpx', 2, folder)).recipe).not.toBe(recipe);
    await writeFile(join(older, 'shared', 'stray.py'), '');
    await expect(readPatchRelease('httpx', 1, folder)).rejects.toThrow('does not name shared/stray.py');
  });
});

function textOf(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

/** Which of a patch's own modules import which, also if only for their types, or inside functions. */
function importsOf(name: string, { manifest, files }: Patch): Map<string, string[]> {
  const sources = new Map([
    ...manifest.add.map((path): [string, string] => [path, `files/${path}`]),
    ...manifest.shared!.files.map((path): [string, string] => [
      `${manifest.shared!.into}/${path}`,
      `shared/${path}`,
    ]),
  ]);
  const home = `${name}/_fetch/`;
  const imports = new Map<string, string[]>();
  for (const [path, source] of sources) {
    const folder = path.split('/').slice(0, -1);
    const imported = [...textOf(files.get(source)!).matchAll(/^\s*from (\.+)([\w.]*) import (.*)$/gm)]
      .map(([, dots, module, names]) => {
        const base = folder.slice(0, folder.length - dots!.length + 1);
        return [...base, ...(module ? module.split('.') : [names!.split(/\W/)[0]!])].join('/');
      })
      .filter((module) => module.startsWith(home))
      .map((module) => `${module}.py`);
    imports.set(path, imported);
  }
  return imports;
}

/** The first circle found, as a list of modules. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (module: string, way: string[]): string[] => {
    if (way.includes(module)) return [...way.slice(way.indexOf(module)), module];
    if (done.has(module)) return [];
    done.add(module);
    for (const other of imports.get(module)!) {
      const circle = visit(other, [...way, module]);
      if (circle.length > 0) return circle;
    }
    return [];
  };
  return [...imports.keys()].map((module) => visit(module, [])).find(({ length }) => length > 0) ?? [];
}
