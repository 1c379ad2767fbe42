/**
 * Reads patches from `data/patches/`: `{package}` is the newest release. Older releases that published sets name are in
 * `{package}.{release}`, so that the wheels of those sets can always be built. Such a folder has its own copy of
 * `shared/`. The folder's name is not part of a recipe.
 */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { packageFile } from '../../common/package-root.ts';
import { sha256Of } from '../../worker/files.ts';

const Path = z
  .string()
  .max(200)
  .regex(/^[\w.-]+(\/[\w.-]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '..' || part === '.'))
  // The files that Python runs at its start, and those that describe the wheel.
  .refine((path) => !/^(?:[^/]*\.pth$|(?:site|user)customize\b|[^/]*\.(?:dist-info|data)\/)/i.test(path));

export const Upstream = z.strictObject({
  version: z.string(),
  /** The file on PyPI; its tags tell pip which one to download. */
  filename: z.string().regex(/^[\w.]+-[\w.!]+(-[\w.]+){3}\.whl$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Upstream = z.infer<typeof Upstream>;

/** A line of METADATA, and no more. */
const Requirement = z.string().refine((text) => !/[\r\n]/.test(text) && parseRequirement(text).ok);

export const Manifest = z.strictObject({
  /** Canonical name of the package. */
  package: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** The N of the local version `+pinwheel.N`, which every change of the patch increases. */
  release: z.int().positive(),
  summary: z.string(),
  upstream: z.array(Upstream).min(1),
  /** Files of `files/` that upstream does not have. */
  add: z.array(Path),
  /** Files of `shared/`, which several patches use, and their folder in the wheel. */
  shared: z.strictObject({ into: Path, files: z.array(Path) }).optional(),
  /** Files of `files/` that replace upstream's. */
  replace: z.array(Path),
  /** Files of `append/` whose text is added to upstream's. */
  append: z.array(Path),
  /** Upstream files to leave out: paths in which `*` matches any characters but `/`, and `**` all. At most two of them. */
  remove: z.array(
    z
      .string()
      .max(200)
      .regex(/^(?=.)[^*]*(?:\*\*?[^*]*){0,2}$/),
  ),
  /** The wheel's tag, if it differs from upstream's. */
  tag: z.literal('py3-none-any').nullable(),
  /** Upstream's Requires-Dist that change, with their replacements. */
  requires_dist: z.record(z.string(), z.array(Requirement)),
});
export type Manifest = z.infer<typeof Manifest>;

export interface Patch {
  manifest: Manifest;
  /** Path inside the patch folder (`files/…`, `append/…`), or of what patches share (`shared/…`), to content. */
  files: ReadonlyMap<string, Uint8Array>;
  /** SHA-256 over the manifest and all files. */
  recipe: string;
}

const patchesFolder = (): string => fileURLToPath(packageFile('data/patches'));
const SHARED = 'shared';

/** The packages that have patches. Older releases are in folders `{package}.{release}`. */
export async function listPatches(): Promise<string[]> {
  const entries = await readdir(patchesFolder(), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.includes('.') && entry.name !== SHARED)
    .map((entry) => entry.name)
    .sort();
}

/** @throws if there is no such patch, its manifest is not valid, or it does not name exactly the files of the folder */
export async function readPatch(name: string, folder = join(patchesFolder(), name)): Promise<Patch> {
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

/** @throws if there is no such release of a patch of `name` */
export async function readPatchRelease(
  name: string,
  release: number,
  folder = patchesFolder(),
): Promise<Patch> {
  const older = join(folder, `${name}.${release}`);
  const patch = await readPatch(name, existsSync(older) ? older : join(folder, name));
  if (patch.manifest.release === release) return patch;
  throw new Error(
    `there is no release ${release} of the patch of ${name}: data/patches/${name} is release ${patch.manifest.release}`,
  );
}

/** SHA-256 of the output of `sha256sum` for the files, sorted by path, so that anyone can check it. */
function digestRecipe(files: ReadonlyMap<string, Uint8Array>): string {
  const paths = [...files.keys()].sort();
  return sha256Of(paths.map((path) => `${sha256Of(files.get(path)!)}  ${path}\n`).join(''));
}

/** Every file under `folder`, with the line ends of the repository, which a checkout may change. */
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

/** @throws if the manifest does not have `version`, with those that it has */
export function findUpstream(manifest: Manifest, version: string): Upstream {
  const upstream = manifest.upstream.find((candidate) => candidate.version === version);
  if (upstream) return upstream;
  const supported = manifest.upstream.map((candidate) => candidate.version).join(', ');
  throw new Error(
    `the patch of ${manifest.package} supports ${manifest.package} ${supported}, not ${version}`,
  );
}
