/**
 * Unpacks archives into one folder. Their content is untrusted: whatever is rejected is rejected before it is written.
 */

import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathIssue, sameFileKey } from '../../resolver/archives/entry-path.ts';
import type { Diagnostic } from '../../resolver/index.ts';
import { listed } from '../../resolver/text/listed.ts';
import { MARKER_FILE } from '../../resolver/vendored/marker.ts';
import { destinationOf, whyLeftOut } from '../../resolver/wheels/files.ts';
import { count, cut } from '../common/text.ts';
import { readArchive } from './archive.ts';
import { type ArchiveEntry, ArchiveError } from './entry.ts';
import type { PinnedFile } from './plan.ts';
import { checkRecord, isRecord, MOST_RECORD_BYTES, type UnpackedFile } from './record.ts';
import { Tree } from './tree.ts';

export interface UnpackLimits {
  /** Per archive. */
  entries: number;
  /** Per file. */
  fileBytes: number;
  /** For all archives together. */
  totalBytes: number;
}

export const UNPACK_LIMITS: UnpackLimits = {
  entries: 100_000,
  fileBytes: 256 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
};

export interface Unpacked {
  files: number;
  bytes: number;
  diagnostics: Diagnostic[];
}

/** At most this many files of other packages are named; the rest are counted. */
const SHOWN = 3;

export class Unpacker {
  readonly #folder: string;
  readonly #limits: UnpackLimits;
  readonly #tree = new Tree();
  readonly #made = new Set<string>();
  /** The SHA-256 of each file written, by path. */
  readonly #digests = new Map<string, string>();
  #total = 0;

  /** `folder` is new, empty and private. */
  constructor(folder: string, limits: UnpackLimits = UNPACK_LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Throws an {@link ArchiveError}, or what writing throws. */
  async unpack(archive: string, file: PinnedFile): Promise<Unpacked> {
    const { entries: mostEntries, totalBytes } = this.#limits;
    const written: UnpackedFile[] = [];
    const leftOut = new Map<string, number>();
    const overwritten = new Map<string, string[]>();
    let entries = 0;
    for await (const entry of readArchive(archive, file.kind, totalBytes)) {
      if (++entries > mostEntries) throw new ArchiveError(`it has more than ${mostEntries} entries`);
      const name = checkEntry(entry);
      if (entry.type === 'directory') continue;
      const destination = file.kind === 'wheel' ? destinationOf(name) : { path: name };
      if (destination.path === null) {
        leftOut.set(destination.scheme, (leftOut.get(destination.scheme) ?? 0) + 1);
        continue;
      }
      const before = this.#claim(destination.path, file.name);
      const known = this.#digests.get(destination.path);
      const one = await this.#write(entry, destination.path, before !== null);
      written.push({ ...one, name });
      if (known !== undefined && known !== one.sha256) {
        overwritten.set(before!, [...(overwritten.get(before!) ?? []), destination.path]);
      }
    }
    const diagnostics = await checkRecord(file, written);
    for (const [scheme, files] of leftOut) diagnostics.push(leftOutDiagnostic(file, scheme, files));
    for (const [owner, paths] of overwritten) diagnostics.push(overwrittenDiagnostic(file, owner, paths));
    return { files: written.length, bytes: written.reduce((sum, { size }) => sum + size, 0), diagnostics };
  }

  #claim(path: string, owner: string): string | null {
    if (sameFileKey(path) === sameFileKey(MARKER_FILE)) throw new ArchiveError(`"${path}" is pinwheel's own`);
    return this.#tree.claim(path, owner);
  }

  async #write(entry: ArchiveEntry, path: string, isThere: boolean): Promise<Omit<UnpackedFile, 'name'>> {
    const target = join(this.#folder, ...path.split('/'));
    const keep = isRecord(path);
    this.#admit(path, entry.size, keep);
    const folder = dirname(target);
    if (!this.#made.has(folder)) await mkdir(folder, { recursive: true });
    this.#made.add(folder);
    const hash = createHash('sha256');
    const kept: Uint8Array[] = [];
    let size = 0;
    const handle = await open(target, isThere ? 'w' : 'wx');
    try {
      await entry.pour(async (chunk) => {
        size += chunk.length;
        this.#total += chunk.length;
        this.#admit(path, size, keep);
        hash.update(chunk);
        if (keep) kept.push(chunk.slice());
        await writeAll(handle, chunk);
      });
    } finally {
      await handle.close();
    }
    const sha256 = hash.digest('base64url');
    this.#digests.set(path, sha256);
    return { path: target, size, sha256, text: keep ? Buffer.concat(kept).toString('utf8') : null };
  }

  #admit(path: string, size: number, isRecord: boolean): void {
    const { fileBytes, totalBytes } = this.#limits;
    const most = isRecord ? MOST_RECORD_BYTES : fileBytes;
    if (size > most) throw new ArchiveError(`"${path}" unpacks to more than ${most} bytes`);
    if (this.#total > totalBytes)
      throw new ArchiveError(`with it, all archives unpack to more than ${totalBytes} bytes`);
  }
}

/** The path of an entry, checked to be safe on every system. */
function checkEntry({ name, type }: ArchiveEntry): string {
  const bare = name.replace(/^\.\//, '');
  const path = type === 'directory' ? bare.replace(/\/$/, '') : bare;
  const shown = `"${cut(name, 200)}"`;
  // Tar archives begin with the folder itself.
  const issue = type === 'directory' && (path === '' || path === '.') ? null : pathIssue(path);
  if (issue !== null) throw new ArchiveError(`${shown} ${issue}`);
  if (type === 'link') throw new ArchiveError(`${shown} is a link`);
  if (type === 'other') throw new ArchiveError(`${shown} is neither a file nor a folder`);
  return path;
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}

function leftOutDiagnostic({ filename }: PinnedFile, scheme: string, files: number): Diagnostic {
  const message = `${filename}: ${count(files, 'file')} of its ${scheme} left out: ${whyLeftOut(scheme)}.`;
  return { severity: 'info', code: 'files_left_out', message, fix: null };
}

function overwrittenDiagnostic({ name }: PinnedFile, owner: string, paths: readonly string[]): Diagnostic {
  const message = `${owner} and ${name} both have ${listed(paths, SHOWN)}, with different content; that of ${name}, which is loaded later, is kept.`;
  return { severity: 'warning', code: 'overwritten', message, fix: null };
}
