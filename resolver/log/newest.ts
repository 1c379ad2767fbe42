/** Whether the newest publication of a registry, its index and the signed head of its log belong together. */
import { fromBase64, hexOf } from '../bytes.ts';
import type { NewestIndex } from '../catalog.ts';
import { canonicalJson, sha256 } from '../digest.ts';
import { openCheckpoint } from './checkpoint.ts';
import { peaksAfter, rootText } from './entries.ts';
import { countOfPeaks, type Peaks } from './merkle.ts';
import type { NoteKey } from './note.ts';

/** What does not match, in words that end a sentence; null if the entry has this index and its log has this root. */
export async function newestProblem({ publication, before, index }: NewestIndex): Promise<string | null> {
  const peaks = readPeaks(before, publication.revision - 1);
  if (!peaks || (await rootText(await peaksAfter(peaks, publication))) !== publication.root) {
    return 'its publication is not the newest of a log with that root';
  }
  let canonical: string;
  try {
    canonical = canonicalJson(index);
  } catch (error) {
    // Nested too deeply.
    if (!(error instanceof RangeError)) throw error;
    canonical = '';
  }
  if ((await sha256(canonical)) === publication.index) return null;
  return 'its index is not the one that its publication names';
}

/** The peaks of a log of `size` entries, from Base64; null if they cannot be. */
export function readPeaks(texts: readonly string[], size: number): Peaks | null {
  const peaks = texts.map(fromBase64);
  const isWhole = peaks.length === countOfPeaks(size) && peaks.every((hash) => hash?.length === 32);
  return isWhole ? (peaks as Uint8Array[]) : null;
}

/** Whether a key has signed the log that ends with a publication. */
export async function isSigned({ publication, checkpoint }: NewestIndex, key: NoteKey): Promise<boolean> {
  const signed = checkpoint === null ? null : await openCheckpoint(checkpoint, key);
  return signed !== null && signed.size === publication.revision && hexOf(signed.root) === publication.root;
}
