/**
 * Unpacks archives into one folder, and compares the files with their RECORD. The content of archives is untrusted:
 * whatever is rejected is rejected before it is written.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathIssue, sameFileKey } from '../../resolver/archives/entry-path.ts';
import type { Diagnostic } from '../../resolver/index.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import { listed } from '../../resolver/text/printable.ts';
import { MARKER_FILE } from '../../resolver/vendored/folder.ts';
import {
  destinationOf,
  parseRecord,
  RECORD_ALGORITHMS,
  type RecordedHash,
  whyLeftOut,
} from '../../resolver/wheels/files.ts';
import { naming } from '../common/folders.ts';
import { count, cut } from '../common/text.ts';
import { type ArchiveEntry, ArchiveError, readArchive } from './archive.ts';
import type { PinnedFile } from './download.ts';

interface Node {
  /** The first spelling. */
  path: string;
  /** The package whose file it is; null for a folder. */
  owner: string | null;
}

export class Tree {
  readonly #nodes = new Map<string, Node>();

  /** The package that had the path before, or null. Throws if a file system may treat two paths as one. */
  claim(path: string, owner: string): string | null {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (!this.#enter(path.slice(0, at), path)) break;
    }
    const key = sameFileKey(path);
    const known = this.#nodes.get(key);
    this.#nodes.set(key, { path, owner });
    if (!known) return null;
    if (known.path !== path) throw sameFile(path, known.path);
    if (known.owner === null) throw new ArchiveError(`"${path}" is a file and a folder`);
    if (known.owner === owner) throw new ArchiveError(`"${path}" is in it twice`);
    return known.owner;
  }

  /** The package whose file is at a path that was claimed. */
  ownerOf(path: string): string {
    return this.#nodes.get(sameFileKey(path))!.owner!;
  }

  #enter(folder: string, path: string): boolean {
    const key = sameFileKey(folder);
    const known = this.#nodes.get(key);
    if (known && known.path !== folder) throw sameFile(path, known.path);
    if (known?.owner) throw new ArchiveError(`"${folder}" is a file and a folder`);
    if (!known) this.#nodes.set(key, { path: folder, owner: null });
    return !known;
  }
}

function sameFile(path: string, known: string): ArchiveError {
  return new ArchiveError(`"${path}" differs from "${known}" in ways that some file systems ignore`);
}

/** A hundred thousand lines. */
export const MOST_RECORD_BYTES = 16 * 1024 * 1024;

export interface UnpackedFile {
  /** The path in the archive, as in RECORD. */
  name: string;
  path: string;
  size: number;
  /** In URL-safe Base64 without padding. */
  sha256: string;
  /** The text of a RECORD; null for other files. */
  text: string | null;
}

export function isRecord(path: string): boolean {
  return /^[^/]+\.dist-info\/RECORD$/.test(path);
}

/**
 * Rejects a wheel whose files differ from its RECORD, as the specification requires. An archive that was repacked from
 * a wheel may lack files or have changed ones, so there it is a remark: the set pins the bytes of the whole archive.
 * For the same reason, files that RECORD does not list, or lists without a hash, are accepted.
 */
export async function checkRecord(file: PinnedFile, files: readonly UnpackedFile[]): Promise<Diagnostic[]> {
  const records = files.filter(({ text }) => text !== null);
  if (records.length === 0) return [];
  const listed = new Map<string, RecordedHash | null>();
  for (const { name, text } of records) {
    const record = parseRecord(text!);
    if (!record) throw new ArchiveError(`"${name}" is not a RECORD`);
    for (const [path, hash] of record) listed.set(path, hash);
  }
  const others: string[] = [];
  const unlisted: string[] = [];
  for (const unpacked of files) {
    const hash = listed.get(unpacked.name);
    if (hash) {
      if (!(await hasHash(unpacked, hash))) others.push(unpacked.name);
    } else if (!/\.dist-info\/RECORD(\.jws|\.p7s)?$/.test(unpacked.name)) {
      unlisted.push(unpacked.name);
    }
  }
  if (others.length > 0 && file.kind === 'wheel') {
    throw new ArchiveError(`"${others[0]}" is not the file that its RECORD lists`);
  }
  return [
    ...(others.length > 0
      ? [remarkOn(file, 'other_than_recorded', others, 'other than its RECORD lists: it was repacked')]
      : []),
    ...(unlisted.length > 0
      ? [remarkOn(file, 'not_recorded', unlisted, 'without a hash in its RECORD')]
      : []),
  ];
}

async function hasHash(file: UnpackedFile, { algorithm, digest }: RecordedHash): Promise<boolean> {
  if (algorithm === 'sha256') return digest === file.sha256;
  if (!RECORD_ALGORITHMS.has(algorithm)) return false;
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file.path)) hash.update(chunk);
  return hash.digest('base64url') === digest;
}

function remarkOn(
  { filename }: PinnedFile,
  code: string,
  names: readonly string[],
  what: string,
): Diagnostic {
  const message = `${filename}: ${count(names.length, 'file')} ${what} (${names[0]}).`;
  return remark('info', code, message);
}

export const UNPACK_LIMITS = {
  entries: 100_000,
  fileBytes: 256 * 1024 * 1024,
  /** Unpacked bytes of all archives together. */
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
  readonly #limits: typeof UNPACK_LIMITS;
  readonly #tree = new Tree();
  readonly #made = new Set<string>();
  readonly #digests = new Map<string, string>();
  #total = 0;

  /** `folder` is new, empty and private. */
  constructor(folder: string, limits = UNPACK_LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
  }

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
      const stored = await this.#write(entry, destination.path, before !== null);
      written.push({ ...stored, name });
      if (known !== undefined && known !== stored.sha256) {
        overwritten.set(before!, [...(overwritten.get(before!) ?? []), destination.path]);
      }
    }
    const diagnostics = await checkRecord(file, written);
    for (const [scheme, files] of leftOut) {
      const message = `${file.filename}: ${count(files, 'file')} of its ${scheme} left out: ${whyLeftOut(scheme)}.`;
      diagnostics.push(remark('info', 'files_left_out', message));
    }
    for (const [owner, paths] of overwritten) {
      const message = `${owner} and ${file.name} both have ${listed(paths, SHOWN)}, with different content; that of ${file.name}, which is loaded later, is kept.`;
      diagnostics.push(remark('warning', 'overwritten', message));
    }
    return { files: written.length, bytes: written.reduce((sum, { size }) => sum + size, 0), diagnostics };
  }

  ownerOf(path: string): string {
    return this.#tree.ownerOf(path);
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
        await naming(target, writeAll(handle, chunk));
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
