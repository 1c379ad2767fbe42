/** Builds the patched wheel of a package and a version. */
import { readFile } from 'node:fs/promises';
import { applyPatch, type PatchedWheel } from './apply-patch.ts';
import type { Patch } from './lay-over.ts';
import { findUpstream } from './manifest.ts';
import { readPatch } from './patch-folder.ts';
import { fetchUpstream } from './upstream-wheel.ts';

export interface BuiltWheel extends PatchedWheel {
  patch: Patch;
  upstream: { filename: string; sha256: string };
}

/**
 * @param wheel the upstream wheel as a file; by default pip fetches it
 * @throws if the version is not in the manifest, or the wheel is not the pinned one
 */
export async function buildWheel(name: string, version: string, wheel?: string): Promise<BuiltWheel> {
  const patch = await readPatch(name);
  const upstream = findUpstream(patch.manifest, version);
  const bytes = wheel === undefined ? await fetchUpstream(name, upstream) : await readFile(wheel);
  const { filename, sha256 } = upstream;
  return { ...(await applyPatch(bytes, upstream, patch)), patch, upstream: { filename, sha256 } };
}
