/** Heads of the log (c2sp.org/tlog-checkpoint) and proofs as files (c2sp.org/tlog-proof). */
import { base64, fromBase64 } from '../bytes.ts';
import type { Hash } from './merkle.ts';
import { type NoteKey, openNote, type SigningKey, signNote } from './note.ts';

export interface Checkpoint {
  /** The name of the log: a URL without its scheme. */
  origin: string;
  /** The number of entries. */
  size: number;
  root: Hash;
  /** When it was signed, in milliseconds since 1970; null if it does not say so. */
  signed: number | null;
}

/**
 * The head of a log whose name is that of the key, signed. Its time is an extension line, in seconds as in cosignatures
 * (c2sp.org/tlog-cosignature); no digest and no hash depends on it.
 */
export function signCheckpoint(
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  key: SigningKey,
  now = Date.now(),
): Promise<string> {
  return signNote(`${key.name}\n${size}\n${base64(root)}\ntime ${Math.floor(now / 1000)}\n`, key);
}

/** The head, or null if the key has not signed it, or it is not of the key's log. */
export async function openCheckpoint(note: string, key: NoteKey): Promise<Checkpoint | null> {
  const text = await openNote(note, key);
  const [, origin, digits, encoded, lines = ''] =
    /^(.+)\n(0|[1-9]\d*)\n(\S+)\n((?:.+\n)*)$/.exec(text ?? '') ?? [];
  const size = Number(digits);
  const root = encoded === undefined ? null : fromBase64(encoded);
  if (origin !== key.name || !Number.isSafeInteger(size) || root?.length !== 32) return null;
  const [, seconds] = /^time ([1-9]\d{0,11})$/m.exec(lines) ?? [];
  return { origin, size, root, signed: seconds === undefined ? null : Number(seconds) * 1000 };
}

/** That an entry is in the log of a checkpoint. */
export interface InclusionProof {
  /** From 0. */
  index: number;
  /** From the entry's neighbour up to below the root. */
  hashes: Hash[];
  /** As it was signed. */
  checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

export function formatProof({ index, hashes, checkpoint }: InclusionProof): string {
  return `${[FIRST_LINE, `index ${index}`, ...hashes.map(base64)].join('\n')}\n\n${checkpoint}`;
}

/** The proof of a text, or null if it is not one. */
export function readProof(text: string): InclusionProof | null {
  const end = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  if (first !== FIRST_LINE) return null;
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const [, digits] = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '') ?? [];
  const hashes = lines.map((line) => fromBase64(line));
  if (digits === undefined || !hashes.every((hash) => hash?.length === 32)) return null;
  return { index: Number(digits), hashes: hashes as Hash[], checkpoint: text.slice(end + 2) };
}
