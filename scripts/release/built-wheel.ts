/** Builds patched wheels: those that a release names, and those that a published set pins. */
import type { Member } from '../../resolver/catalog.ts';
import { applyPatch, type PatchedWheel } from '../patch/apply-patch.ts';
import type { Patch } from '../patch/lay-over.ts';
import { findUpstream, type Upstream } from '../patch/manifest.ts';
import { fetchUpstream } from '../patch/upstream-wheel.ts';
import { readPatchRelease } from './patch-release.ts';

/** An upstream version and the release of its patch, as in `httpx 0.28.1+pinwheel.1`. */
export interface PatchedVersion {
  package: string;
  version: string;
  release: number;
}

export interface BuiltWheel extends PatchedWheel {
  patch: Patch;
  upstream: Upstream;
}

/** @throws if the patch has no such release or upstream version, or the upstream wheel cannot be fetched */
export async function buildVersion({ package: name, version, release }: PatchedVersion): Promise<BuiltWheel> {
  const patch = await readPatchRelease(name, release);
  return build(patch, findUpstream(patch.manifest, version));
}

/**
 * The wheel that a set pins, built by the recipe that the set names.
 * @throws if that recipe has been removed, the upstream wheel cannot be fetched, or the built bytes differ
 */
export async function buildMember({ filename, sha256, patched }: Member): Promise<BuiltWheel> {
  if (patched?.by !== 'pinwheel') throw new Error(`no recipe is known of ${filename}`);
  const { patch: name, release, upstream: pinned, recipe } = patched;
  const patch = await readPatchRelease(name, release);
  if (patch.recipe !== recipe) throw new Error(`the patch of ${name} is no longer the recipe of ${filename}`);
  const upstream = patch.manifest.upstream.find((candidate) => candidate.sha256 === pinned.sha256);
  if (!upstream) throw new Error(`the patch of ${name} does not name ${pinned.filename}`);
  const wheel = await build(patch, upstream);
  if (wheel.sha256 !== sha256 || wheel.filename !== filename) {
    throw new Error(`${filename} is pinned as ${sha256}, but came out as ${wheel.filename} ${wheel.sha256}`);
  }
  return wheel;
}

async function build(patch: Patch, upstream: Upstream): Promise<BuiltWheel> {
  const bytes = await fetchUpstream(patch.manifest.package, upstream);
  return { ...(await applyPatch(bytes, upstream, patch)), patch, upstream };
}
