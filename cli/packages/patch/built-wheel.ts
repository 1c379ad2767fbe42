/** Builds patched wheels: of a version, and those that a published set pins. */

import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Member, ResolvedPackage } from '../../../resolver/index.ts';
import { wheelNotBuilt } from '../../../resolver/issues/documents.ts';
import { CommandError } from '../../common/failure.ts';
import { writeWhole } from '../../common/folders.ts';
import { sha256Of } from '../../worker/files.ts';
import { applyPatch, type PatchedWheel } from './apply-patch.ts';
import { findUpstream, type Patch, readPatch, readPatchRelease, type Upstream } from './patch-folder.ts';
import { fetchUpstream } from './upstream-wheel.ts';

/** An upstream version and the release of its patch, as in `httpx 0.28.1+pinwheel.1`; the newest release by default. */
export interface PatchedVersion {
  package: string;
  version: string;
  release?: number;
}

export interface BuiltWheel extends PatchedWheel {
  patch: Patch;
  upstream: Upstream;
}

export type PinnedWheel = Pick<Member, 'filename' | 'sha256' | 'patched'>;

/** @param wheel the upstream wheel as a file, which is fetched by default */
export async function buildVersion(
  { package: name, version, release }: PatchedVersion,
  cache: string,
  wheel?: string,
): Promise<BuiltWheel> {
  const patch = release === undefined ? await readPatch(name) : await readPatchRelease(name, release);
  const upstream = findUpstream(patch.manifest, version);
  return build(patch, upstream, cache, wheel);
}

/** The patch that a set names, and the wheel that it is for. @throws if that recipe has been removed */
export async function recipeOf({
  filename,
  patched,
}: PinnedWheel): Promise<{ patch: Patch; upstream: Upstream }> {
  if (patched?.by !== 'pinwheel') throw new Error(`no recipe is known of ${filename}`);
  const { patch: name, release, upstream: pinned, recipe } = patched;
  const patch = await readPatchRelease(name, release);
  if (patch.recipe !== recipe) throw new Error(`the patch of ${name} is no longer the recipe of ${filename}`);
  const upstream = patch.manifest.upstream.find((candidate) => candidate.sha256 === pinned.sha256);
  if (!upstream) throw new Error(`the patch of ${name} does not name ${pinned.filename}`);
  return { patch, upstream };
}

/** @throws if the recipe has been removed, the upstream wheel cannot be fetched, or the built bytes differ */
export async function buildMember(member: PinnedWheel, cache: string): Promise<BuiltWheel> {
  const { patch, upstream } = await recipeOf(member);
  const wheel = await build(patch, upstream, cache);
  const { filename, sha256 } = member;
  if (wheel.sha256 !== sha256 || wheel.filename !== filename) {
    throw new Error(`${filename} is pinned as ${sha256}, but came out as ${wheel.filename} ${wheel.sha256}`);
  }
  return wheel;
}

async function build(patch: Patch, upstream: Upstream, cache: string, file?: string): Promise<BuiltWheel> {
  const bytes = await (file === undefined
    ? fetchUpstream(patch.manifest.package, upstream, cache)
    : readFile(file));
  return { ...(await applyPatch(bytes, upstream, patch)), patch, upstream };
}

/** Gives each patched wheel a `file:` URL: no address serves these, so they are built into the cache. */
export async function withBuiltWheels<Some extends Pick<ResolvedPackage, 'wheel'>>(
  packages: readonly Some[],
  cache: string,
  { dryRun = false } = {},
): Promise<Some[]> {
  return Promise.all(
    packages.map(async (member) => {
      const { wheel } = member;
      // A set from elsewhere may pin patches that are not of this package.
      if (wheel.upstream_url !== null || !(await recipeOf(wheel).catch(() => null))) return member;
      const path = join(cache, 'patched', wheel.sha256, wheel.filename);
      if (!dryRun) await buildOnce(wheel, path, cache);
      const url = pathToFileURL(path).href;
      return { ...member, origin: 'file', wheel: { ...wheel, url, upstream_url: url } };
    }),
  );
}

async function buildOnce(wheel: ResolvedPackage['wheel'], path: string, cache: string): Promise<void> {
  const before = await readFile(path).catch(() => null);
  if (before && sha256Of(before) === wheel.sha256) return;
  const { bytes } = await buildMember(wheel, join(cache, 'upstream')).catch((error: Error) => {
    const { filename } = wheel;
    throw new CommandError(3, [wheelNotBuilt({ filename, problem: error.message })], { cause: error });
  });
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, bytes);
}
