/** Compares unpacked files with the RECORD of their archive. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Diagnostic } from '../../resolver/index.ts';
import { parseRecord, RECORD_ALGORITHMS, type RecordedHash } from '../../resolver/wheels/files.ts';
import { count } from '../common/text.ts';
import { ArchiveError } from './entry.ts';
import type { PinnedFile } from './plan.ts';

/** A hundred thousand lines. */
export const MOST_RECORD_BYTES = 16 * 1024 * 1024;

/** A file that was written. */
export interface UnpackedFile {
  /** The path in the archive, as in RECORD. */
  name: string;
  /** On the disk. */
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
  for (const one of files) {
    const hash = listed.get(one.name);
    if (hash) {
      if (!(await hasHash(one, hash))) others.push(one.name);
    } else if (!/\.dist-info\/RECORD(\.jws|\.p7s)?$/.test(one.name)) {
      unlisted.push(one.name);
    }
  }
  if (others.length > 0 && file.kind === 'wheel') {
    throw new ArchiveError(`"${others[0]}" is not the file that its RECORD lists`);
  }
  return [
    ...(others.length > 0
      ? [remark(file, 'other_than_recorded', others, 'other than its RECORD lists: it was repacked')]
      : []),
    ...(unlisted.length > 0 ? [remark(file, 'not_recorded', unlisted, 'without a hash in its RECORD')] : []),
  ];
}

async function hasHash(file: UnpackedFile, { algorithm, digest }: RecordedHash): Promise<boolean> {
  if (algorithm === 'sha256') return digest === file.sha256;
  if (!RECORD_ALGORITHMS.has(algorithm)) return false;
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file.path)) hash.update(chunk);
  return hash.digest('base64url') === digest;
}

function remark({ filename }: PinnedFile, code: string, names: readonly string[], what: string): Diagnostic {
  const message = `${filename}: ${count(names.length, 'file')} ${what} (${names[0]}).`;
  return { severity: 'info', code, message, fix: null };
}
