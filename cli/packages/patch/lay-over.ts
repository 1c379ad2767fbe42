/** The files of a patched wheel: those of upstream without the removed ones, and those of the patch. */
import type { Manifest } from './manifest.ts';
import { decode, encode, type WheelFiles } from './wheel-archive.ts';

export interface Patch {
  manifest: Manifest;
  /** Path inside the patch folder (`files/…`, `append/…`), or of what patches share (`shared/…`), to content. */
  files: ReadonlyMap<string, Uint8Array>;
  /** SHA-256 over the manifest and all files. */
  recipe: string;
}

/** @throws if the manifest does not fit the wheel */
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
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const expression = new RegExp(`^${source}$`, 's');
  return (path) => expression.test(path);
}
