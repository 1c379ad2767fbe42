/** Applies a patch to an upstream wheel. */
import { createHash } from 'node:crypto';
import { sha256Of } from '../../worker/files.ts';
import type { Patch, Upstream } from './patch-folder.ts';
import { decode, encode, readWheel, type WheelFiles, WRITER, writeWheel } from './wheel-archive.ts';

export interface PatchedWheel {
  filename: string;
  /** The version with its local label: `0.28.1+pinwheel.1`. */
  version: string;
  bytes: Uint8Array;
  sha256: string;
}

/** @throws if `wheel` is not the pinned upstream wheel, or the patch does not fit it */
export async function applyPatch(wheel: Uint8Array, upstream: Upstream, patch: Patch): Promise<PatchedWheel> {
  const { manifest } = patch;
  const actual = sha256Of(wheel);
  if (actual !== upstream.sha256) {
    throw new Error(
      `${upstream.filename} has the SHA-256 ${actual}, but the patch is for ${upstream.sha256}`,
    );
  }
  const version = `${upstream.version}+pinwheel.${manifest.release}`;
  const original = readWheel(wheel);
  const { infoFolder, distribution } = findInfo(original, upstream.version);
  const newInfo = `${distribution}-${version}.dist-info/`;
  const files = layOver(original, patch);
  const changes = changesOf(original, files);

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
  wheelFiles.set(record, encode(formatRecord(wheelFiles, record)));

  const tag = manifest.tag ?? upstream.filename.slice(0, -'.whl'.length).split('-').slice(2).join('-');
  const bytes = writeWheel(wheelFiles);
  return {
    filename: `${distribution}-${version}-${tag}.whl`,
    version,
    bytes,
    sha256: sha256Of(bytes),
  };
}

/** The only `.dist-info/` of a wheel, and the distribution's name as written there. */
function findInfo(files: WheelFiles, version: string): { infoFolder: string; distribution: string } {
  const folders = new Set([...files.keys()].flatMap((path) => /^[^/]+\.dist-info\//.exec(path)?.[0] ?? []));
  const [infoFolder] = folders;
  const end = `-${version}.dist-info/`;
  if (!infoFolder?.endsWith(end) || folders.size !== 1) {
    throw new Error(
      `the wheel has not one .dist-info of version ${version}: ${[...folders].join(' ') || 'none'}`,
    );
  }
  return { infoFolder, distribution: infoFolder.slice(0, -end.length) };
}

function patchMetadata(text: string, version: string, requirements: Record<string, string[]>): string {
  const end = text.search(/\r?\n\r?\n/);
  const head = (end < 0 ? text : text.slice(0, end)).split(/\r?\n/);
  const rest = end < 0 ? '' : text.slice(end);
  const changed = new Set<string>();
  const lines = head.flatMap((line) => {
    if (/^Version:/i.test(line)) return [`Version: ${version}`];
    const requirement = /^Requires-Dist:\s*(.*)$/i.exec(line)?.[1];
    const replacement = requirement === undefined ? undefined : requirements[requirement];
    if (replacement === undefined) return [line];
    changed.add(requirement!);
    return replacement.map((item) => `Requires-Dist: ${item}`);
  });
  const missing = Object.keys(requirements).find((requirement) => !changed.has(requirement));
  if (missing !== undefined) throw new Error(`upstream's METADATA has no "Requires-Dist: ${missing}"`);
  return lines.join('\n') + rest;
}

/** Names the generator in WHEEL, and for a wheel without compiled files the tag of every platform. */
export function patchWheelFile(text: string, generator: string, tag: string | null): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const kept = lines.filter(
    (line) => !/^Generator:/i.test(line) && !(tag && /^(Tag|Root-Is-Purelib):/i.test(line)),
  );
  const [first = 'Wheel-Version: 1.0', ...others] = kept;
  const pure = tag ? ['Root-Is-Purelib: true', `Tag: ${tag}`] : [];
  return `${[first, `Generator: ${generator}`, ...others, ...pure].join('\n')}\n`;
}

/** The text of RECORD (PEP 376, PEP 427) for `files`, including the line of RECORD itself at `path`. */
export function formatRecord(files: WheelFiles, path: string): string {
  const paths = [...files.keys()].filter((name) => name !== path).sort();
  const lines = paths.map((name) => {
    const content = files.get(name)!;
    const digest = createHash('sha256').update(content).digest('base64url');
    return `${quote(name)},sha256=${digest},${content.length}`;
  });
  return `${[...lines, `${quote(path)},,`].join('\n')}\n`;
}

/** RECORD is CSV. */
function quote(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

interface Changes {
  added: Record<string, string>;
  /** The SHA-256 of upstream's files, before and after. */
  changed: Record<string, { upstream: string; patched: string }>;
  removed: string[];
}

/** Compares the files of two wheels. The `.dist-info` in `files` is still that of upstream. */
function changesOf(original: WheelFiles, files: WheelFiles): Changes {
  const changes: Changes = { added: {}, changed: {}, removed: [] };
  for (const path of [...new Set([...original.keys(), ...files.keys()])].sort()) {
    const before = original.get(path);
    const after = files.get(path);
    if (before === after) continue;
    if (!after) changes.removed.push(path);
    else if (!before) changes.added[path] = sha256Of(after);
    else changes.changed[path] = { upstream: sha256Of(before), patched: sha256Of(after) };
  }
  return changes;
}

function formatStatement(
  upstream: Upstream,
  { manifest, recipe }: Patch,
  version: string,
  changes: Changes,
): string {
  const document = {
    package: manifest.package,
    version,
    patched_by: 'pinwheel',
    summary: manifest.summary,
    upstream: { filename: upstream.filename, sha256: upstream.sha256 },
    recipe: { patch: `data/patches/${manifest.package}`, release: manifest.release, sha256: recipe },
    writer: WRITER,
    files: changes,
    requires_dist: manifest.requires_dist,
    metadata: [
      'METADATA: Version, Requires-Dist',
      `WHEEL: Generator${manifest.tag ? ', Tag' : ''}`,
      'RECORD',
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Upstream's files without the removed ones, and the patch's. @throws if the manifest does not fit the wheel */
export function layOver(original: WheelFiles, { manifest, files }: Patch): WheelFiles {
  const removed = manifest.remove.map((pattern) => ({ pattern, matches: globMatcher(pattern) }));
  for (const { pattern, matches } of removed) {
    if (![...original.keys()].some(matches)) throw new Error(`upstream has nothing to remove as ${pattern}`);
  }
  const result: WheelFiles = new Map(
    [...original].filter(([path]) => !removed.some(({ matches }) => matches(path))),
  );
  const own = (path: string): Uint8Array => {
    const content = files.get(path);
    if (!content) throw new Error(`the patch has no ${path}`);
    return content;
  };
  const add = (path: string, source: string): void => {
    if (result.has(path)) throw new Error(`upstream already has ${path}`);
    result.set(path, own(source));
  };
  for (const path of manifest.add) add(path, `files/${path}`);
  const { into, files: shared } = manifest.shared ?? { into: '', files: [] };
  for (const path of shared) add(`${into}/${path}`, `shared/${path}`);
  for (const path of manifest.replace) {
    if (!result.has(path)) throw new Error(`upstream has no ${path} to replace`);
    result.set(path, own(`files/${path}`));
  }
  for (const path of manifest.append) {
    const upstream = result.get(path);
    if (!upstream) throw new Error(`upstream has no ${path} to append to`);
    result.set(path, encode(`${decode(upstream).trimEnd()}\n\n\n${decode(own(`append/${path}`))}`));
  }
  return result;
}

/** `*` stands for any characters but `/`, `**` for all. */
function globMatcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*?/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
  const expression = new RegExp(`^${source}$`, 's');
  return (path) => expression.test(path);
}
