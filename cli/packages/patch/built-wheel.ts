/** Builds patched wheels: of a version, and those that a published set pins. */
import { readFile } from 'node:fs/promises';
import type { Member } from '../../../resolver/index.ts';
import { applyPatch, type PatchedWheel } from './apply-patch.ts';
import type { Patch } from './lay-over.ts';
import { findUpstream, type Upstream } from './manifest.ts';
import { readPatch, readPatchRelease } from './patch-folder.ts';
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

/** What a set says of a wheel that Pinwheel has patched. */
export type PinnedWheel = Pick<Member, 'filename' | 'sha256' | 'patched'>;

/**
 * @param cache the folder of upstream wheels
 * @param wheel the upstream wheel as a file; by default it is fetched
 * @throws if the patch has no such release or upstream version, or the upstream wheel cannot be fetched
 */
export async function buildVersion(
  { package: name, version, release }: PatchedVersion,
  cache: string,
  wheel?: string,
): Promise<BuiltWheel> {
  const patch = release === undefined ? await readPatch(name) : await readPatchRelease(name, release);
  const upstream = findUpstream(patch.manifest, version);
  return build(
    patch,
    upstream,
    wheel === undefined ? await fetchOf(patch, upstream, cache) : await readFile(wheel),
  );
}

/**
 * The patch that a set names, and the wheel that it is for.
 * @throws if that recipe has been removed
 */
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

/**
 * The wheel that a set pins, built by the recipe that the set names.
 * @throws if that recipe has been removed, the upstream wheel cannot be fetched, or the built bytes differ
 */
export async function buildMember(member: PinnedWheel, cache: string): Promise<BuiltWheel> {
  const { patch, upstream } = await recipeOf(member);
  const wheel = await build(patch, upstream, await fetchOf(patch, upstream, cache));
  const { filename, sha256 } = member;
  if (wheel.sha256 !== sha256 || wheel.filename !== filename) {
    throw new Error(`${filename} is pinned as ${sha256}, but came out as ${wheel.filename} ${wheel.sha256}`);
  }
  return wheel;
}

function fetchOf({ manifest }: Patch, upstream: Upstream, cache: string): Promise<Uint8Array> {
  return fetchUpstream(manifest.package, upstream, cache);
}

async function build(patch: Patch, upstream: Upstream, bytes: Uint8Array): Promise<BuiltWheel> {
  return { ...(await applyPatch(bytes, upstream, patch)), patch, upstream };
}
