/** The statement in a patched wheel about its patch. */
import type { Patch } from './lay-over.ts';
import type { Upstream } from './manifest.ts';
import { hexDigest } from './record.ts';
import { type WheelFiles, WRITER } from './wheel-archive.ts';

export interface Changes {
  added: Record<string, string>;
  /** For upstream's files, the SHA-256 before and after. */
  changed: Record<string, { upstream: string; patched: string }>;
  removed: string[];
}

/** Compares the files of two wheels. The `.dist-info` in `files` is still that of upstream. */
export async function describeChanges(original: WheelFiles, files: WheelFiles): Promise<Changes> {
  const changes: Changes = { added: {}, changed: {}, removed: [] };
  for (const path of [...new Set([...original.keys(), ...files.keys()])].sort()) {
    const before = original.get(path);
    const after = files.get(path);
    if (before === after) continue;
    if (!after) changes.removed.push(path);
    else if (!before) changes.added[path] = await hexDigest(after);
    else changes.changed[path] = { upstream: await hexDigest(before), patched: await hexDigest(after) };
  }
  return changes;
}

/** The text of the statement: the changes, the upstream wheel and the recipe. */
export function formatStatement(
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
