/**
 * Applies a patch to an upstream wheel. Does no I/O, so that it runs in Workers and in Node.
 */
import { layOver, type Patch } from './lay-over.ts';
import type { Upstream } from './manifest.ts';
import { patchMetadata, patchWheelFile } from './metadata.ts';
import { formatRecord, hexDigest } from './record.ts';
import { describeChanges, formatStatement } from './statement.ts';
import { decode, encode, readWheel, type WheelFiles, writeWheel } from './wheel-archive.ts';

export interface PatchedWheel {
  filename: string;
  /** With the local label: `0.28.1+pinwheel.1`. */
  version: string;
  bytes: Uint8Array;
  sha256: string;
}

/** @throws if `wheel` is not the pinned upstream wheel, or the patch does not fit it */
export async function applyPatch(wheel: Uint8Array, upstream: Upstream, patch: Patch): Promise<PatchedWheel> {
  const { manifest } = patch;
  const actual = await hexDigest(wheel);
  if (actual !== upstream.sha256) {
    throw new Error(
      `${upstream.filename} has the SHA-256 ${actual}, but the patch is for ${upstream.sha256}`,
    );
  }
  const version = `${upstream.version}+pinwheel.${manifest.release}`;
  const original = await readWheel(wheel);
  const { infoFolder, distribution } = findInfo(original, upstream.version);
  const newInfo = `${distribution}-${version}.dist-info/`;
  const files = layOver(original, patch);
  const changes = await describeChanges(original, files);

  const wheelFiles: WheelFiles = new Map();
  for (const [path, content] of files) {
    if (!path.startsWith(infoFolder)) wheelFiles.set(path, content);
    else if (!/^RECORD(\.|$)/.test(path.slice(infoFolder.length))) {
      wheelFiles.set(newInfo + path.slice(infoFolder.length), content);
    }
  }
  const edit = (name: string, change: (text: string) => string): void => {
    const content = wheelFiles.get(newInfo + name);
    if (!content) throw new Error(`${upstream.filename} has no ${name}`);
    wheelFiles.set(newInfo + name, encode(change(decode(content))));
  };
  edit('METADATA', (text) => patchMetadata(text, version, manifest.requires_dist));
  edit('WHEEL', (text) => patchWheelFile(text, 'pinwheel', manifest.tag));
  wheelFiles.set(`${newInfo}PINWHEEL.json`, encode(formatStatement(upstream, patch, version, changes)));
  const record = `${newInfo}RECORD`;
  wheelFiles.set(record, encode(await formatRecord(wheelFiles, record)));

  const tag = manifest.tag ?? upstream.filename.slice(0, -'.whl'.length).split('-').slice(2).join('-');
  const bytes = writeWheel(wheelFiles);
  return {
    filename: `${distribution}-${version}-${tag}.whl`,
    version,
    bytes,
    sha256: await hexDigest(bytes),
  };
}

/** The only `.dist-info/` of a wheel, and the distribution's name as written there. */
function findInfo(files: WheelFiles, version: string): { infoFolder: string; distribution: string } {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    const folder = /^[^/]+\.dist-info\//.exec(path)?.[0];
    if (folder) folders.add(folder);
  }
  const [infoFolder] = folders;
  const end = `-${version}.dist-info/`;
  if (!infoFolder?.endsWith(end) || folders.size !== 1) {
    throw new Error(
      `the wheel has not one .dist-info of version ${version}: ${[...folders].join(' ') || 'none'}`,
    );
  }
  return { infoFolder, distribution: infoFolder.slice(0, -end.length) };
}
