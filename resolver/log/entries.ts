/** What the Merkle tree of the log contains: its entries, as canonical JSON. */

import { encode, hexOf } from '../bytes.ts';
import type { LogEntry, Publication } from '../catalog.ts';
import { canonicalJson } from '../digest.ts';
import { addLeaf, leafHash, type Peaks, rootOfPeaks, type Tree, treeOf } from './merkle.ts';

/** An entry as the log has it: without its root, which follows from it. */
export function entryOf({ revision, day, kind, name, digest, index }: LogEntry): Uint8Array {
  return encode(canonicalJson({ revision, day, kind, name, digest, index }));
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

/** A log with one more entry, which gets its root. */
export async function withEntry(log: readonly Publication[], entry: LogEntry): Promise<Publication[]> {
  const peaks = await peaksAfter(await peaksOf(log), entry);
  const after = [...log, { ...entry, root: await rootText(peaks) }];
  known.set(after, peaks);
  return after;
}

/** The peaks of a log with one more entry. */
export async function peaksAfter(before: Peaks, entry: LogEntry): Promise<Peaks> {
  return addLeaf(before, entry.revision - 1, await leafHash(entryOf(entry)));
}

/** The root of a log in hexadecimal, as answers name it. */
export const rootText = async (peaks: Peaks): Promise<string> => hexOf(await rootOfPeaks(peaks));
