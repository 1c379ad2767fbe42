/** Reads patches out of `data/patches/`. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { sha256 } from '../import/digest.ts';
import { root } from '../root.ts';
import type { Patch } from './lay-over.ts';
import { Manifest } from './manifest.ts';

const patchesFolder = join(root, 'data', 'patches');
/** Beside the patches: what they have in common. Inside an older release: what that had in common with others. */
const SHARED = 'shared';

/** The packages that there are patches for. Older releases lie beside the newest, as `{package}.{release}`. */
export async function listPatches(): Promise<string[]> {
  const entries = await readdir(patchesFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.includes('.') && entry.name !== SHARED)
    .map((entry) => entry.name)
    .sort();
}

/** @throws if there is no such patch, its manifest is not valid, or it does not name the files beside it */
export async function readPatch(name: string, folder = join(patchesFolder, name)): Promise<Patch> {
  const files = await readFiles(folder);
  const text = files.get('manifest.json');
  if (!text) throw new Error(`no patch of ${name}: there are ${(await listPatches()).join(', ')}`);
  const manifest = Manifest.parse(JSON.parse(new TextDecoder().decode(text)));
  const shared = (manifest.shared?.files ?? []).map((path) => `${SHARED}/${path}`);
  if (!existsSync(join(folder, SHARED))) {
    const others = await readFiles(join(dirname(folder), SHARED));
    for (const [path, content] of others) {
      if (shared.includes(`${SHARED}/${path}`)) files.set(`${SHARED}/${path}`, content);
    }
  }
  const named = new Set([
    ...shared,
    'manifest.json',
    ...[...manifest.add, ...manifest.replace].map((path) => `files/${path}`),
    ...manifest.append.map((path) => `append/${path}`),
  ]);
  const stray = [...files.keys()].find((path) => !named.has(path));
  if (stray) throw new Error(`the manifest of ${name} does not name ${stray}`);
  return { manifest, files, recipe: digestRecipe(files) };
}

/** SHA-256 over what `sha256sum` prints for the files, sorted by path: anyone can check it. */
function digestRecipe(files: ReadonlyMap<string, Uint8Array>): string {
  const paths = [...files.keys()].sort();
  return sha256(paths.map((path) => `${sha256(files.get(path)!)}  ${path}\n`).join(''));
}

/** Every file under `folder`, with the line ends that the repository has and a checkout may have changed. */
async function readFiles(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith('.pyc')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n');
    files.set(path.slice(folder.length + 1).replaceAll(sep, '/'), new TextEncoder().encode(text));
  }
  return files;
}
