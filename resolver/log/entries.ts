/** The entries of the log's Merkle tree, as canonical JSON; whether the newest one belongs to its head; and the catalog that it covers. */
import { encode, fromBase64, hexOf } from '../bytes.ts';
import type { Catalog, LogEntry, NewestIndex, Publication } from '../catalog.ts';
import { canonicalJson, digestOf } from '../digest.ts';
import { addLeaf, countOfPeaks, leafHash, type Peaks, rootOfPeaks, type Tree, treeOf } from './merkle.ts';
import { type NoteKey, openCheckpoint } from './note.ts';

/** An entry as the log has it: without its root, which follows from it. */
export function entryOf({ revision, day, kind, name, digest, index, publisher }: LogEntry): Uint8Array {
  const entry = { revision, day, kind, name, digest, index };
  return encode(canonicalJson(publisher === undefined ? entry : { ...entry, publisher }));
}

export async function logTree(log: readonly LogEntry[]): Promise<Tree> {
  return treeOf(await Promise.all(log.map((entry) => leafHash(entryOf(entry)))));
}

/** The peaks of logs, so that one that grows entry by entry is hashed once. */
const known = new WeakMap<readonly LogEntry[], Peaks>();

export async function peaksOf(log: readonly LogEntry[]): Promise<Peaks> {
  let peaks = known.get(log);
  if (!peaks) {
    peaks = [];
    for (const [at, entry] of log.entries()) peaks = await addLeaf(peaks, at, await leafHash(entryOf(entry)));
    known.set(log, peaks);
  }
  return peaks;
}

export async function withEntry(log: readonly Publication[], entry: LogEntry): Promise<Publication[]> {
  const peaks = await peaksAfter(await peaksOf(log), entry);
  const after = [...log, { ...entry, root: await rootText(peaks) }];
  known.set(after, peaks);
  return after;
}

export async function peaksAfter(before: Peaks, entry: LogEntry): Promise<Peaks> {
  return addLeaf(before, entry.revision - 1, await leafHash(entryOf(entry)));
}

/** The root of a log in hexadecimal, as answers name it. */
export const rootText = async (peaks: Peaks): Promise<string> => hexOf(await rootOfPeaks(peaks));

/** The mismatch, in words that end a sentence; null if the entry has this index and its log has this root. */
export async function newestProblem({ publication, before, index }: NewestIndex): Promise<string | null> {
  const peaks = readPeaks(before, publication.revision - 1);
  if (!peaks || (await rootText(await peaksAfter(peaks, publication))) !== publication.root) {
    return 'its publication is not the newest of a log with that root';
  }
  if ((await digestOf(index)) === publication.index) return null;
  return 'its index is not the one that its publication names';
}

/** The peaks of a log of `size` entries, from Base64; null if they cannot be. */
export function readPeaks(texts: readonly string[], size: number): Peaks | null {
  const peaks = texts.map(fromBase64);
  const isWhole = peaks.length === countOfPeaks(size) && peaks.every((hash) => hash?.length === 32);
  return isWhole ? (peaks as Uint8Array[]) : null;
}

export async function isSigned({ publication, checkpoint }: NewestIndex, key: NoteKey): Promise<boolean> {
  const signed = checkpoint === null ? null : await openCheckpoint(checkpoint, key);
  return signed !== null && signed.size === publication.revision && hexOf(signed.root) === publication.root;
}

/** A catalog without its newest entry, which has its digest: the root covers every fact and every earlier root. */
export function catalogDocument({ log, ...facts }: Catalog): string {
  return canonicalJson({ log: log.slice(0, -1), ...facts });
}

export function catalogAt({ log, ...tables }: Catalog, revision: number): Catalog {
  const then = Object.entries(tables).map(([name, rows]) => [
    name,
    (rows as { revision: number; withdrawn: number | null }[])
      .filter((row) => row.revision <= revision)
      .map((row) => ((row.withdrawn ?? 0) > revision ? { ...row, withdrawn: null } : row)),
  ]);
  return { log: log.slice(0, revision), ...(Object.fromEntries(then) as typeof tables) };
}
