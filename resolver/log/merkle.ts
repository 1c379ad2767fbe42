/** Merkle trees of RFC 6962: SHA-256, with different first bytes for leaves and nodes. */
import { hashOf } from '../digest.ts';

/** 32 bytes. */
export type Hash = Uint8Array;

const HASH_BYTES = 32;

export async function leafHash(leaf: Uint8Array): Promise<Hash> {
  const bytes = new Uint8Array(1 + leaf.length);
  bytes.set(leaf, 1);
  return hashOf(bytes);
}

export async function nodeHash(left: Hash, right: Hash): Promise<Hash> {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return hashOf(bytes);
}

/**
 * All hashes of a tree: `levels[0]` are the leaves, and each level above has the hashes of pairs. A last hash without a
 * pair moves up as it is, which gives the tree of RFC 6962 for every number of leaves.
 */
export interface Tree {
  size: number;
  levels: Hash[][];
  root: Hash;
}

export async function treeOf(leafHashes: readonly Hash[]): Promise<Tree> {
  const levels: Hash[][] = [[...leafHashes]];
  for (let below = levels[0]!; below.length > 1; below = levels.at(-1)!) {
    const pairs: Promise<Hash>[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) pairs.push(nodeHash(below[at]!, below[at + 1]!));
    const level = await Promise.all(pairs);
    if (below.length % 2 === 1) level.push(below.at(-1)!);
    levels.push(level);
  }
  return { size: leafHashes.length, levels, root: levels.at(-1)![0] ?? (await hashOf(new Uint8Array())) };
}

/** The complete subtrees of a tree, the largest first: with them, it can grow without its other hashes. */
export type Peaks = readonly Hash[];

export async function addLeaf(peaks: Peaks, size: number, leaf: Hash): Promise<Peaks> {
  const rest = [...peaks];
  let last = leaf;
  for (let at = size; at % 2 === 1; at = Math.floor(at / 2)) last = await nodeHash(rest.pop()!, last);
  return [...rest, last];
}

/** The number of peaks of a tree: the ones in its size in binary. */
export function countOfPeaks(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** The peaks of leaves, the first of which is a multiple of the largest power of two in their number. */
export function peaksIn({ size, levels }: Tree, from = 0, to = size): Peaks {
  const peaks: Hash[] = [];
  for (let height = levels.length - 1, at = from; height >= 0; height--) {
    if (at + 2 ** height > to) continue;
    peaks.push(levels[height]![at / 2 ** height]!);
    at += 2 ** height;
  }
  return peaks;
}

export async function rootOfPeaks(peaks: Peaks): Promise<Hash> {
  let root = peaks.at(-1) ?? (await hashOf(new Uint8Array()));
  for (const peak of peaks.slice(0, -1).reverse()) root = await nodeHash(peak, root);
  return root;
}

/** The hashes that lead from a leaf to the root, the leaf's neighbour first. */
export function inclusionProof({ levels }: Tree, index: number): Hash[] {
  return levels.flatMap((level, height) => {
    const sibling = level[Math.floor(index / 2 ** height) ^ 1];
    return sibling && height < levels.length - 1 ? [sibling] : [];
  });
}

/** The root that a proof gives for a leaf; null if the proof has the wrong length. */
export async function rootOfInclusion(
  index: number,
  size: number,
  leaf: Hash,
  proof: readonly Hash[],
): Promise<Hash | null> {
  if (index < 0 || index >= size) return null;
  let reached = leaf;
  let used = 0;
  for (let [at, last] = [index, size - 1]; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    if (at % 2 === 0 && at === last) continue;
    const sibling = proof[used++];
    if (!sibling) return null;
    reached = at % 2 === 1 ? await nodeHash(sibling, reached) : await nodeHash(reached, sibling);
  }
  return used === proof.length ? reached : null;
}

/** Proves that a tree continues the tree of its first `first` leaves (RFC 6962, section 2.1.2). */
export function consistencyProof(tree: Tree, first: number): Promise<Hash[]> {
  return first === 0 || first === tree.size ? Promise.resolve([]) : subproof(tree, first, 0, tree.size, true);
}

async function subproof(tree: Tree, end: number, from: number, to: number, whole: boolean): Promise<Hash[]> {
  const rangeHash = (from: number, to: number) => rootOfPeaks(peaksIn(tree, from, to));
  if (end === to) return whole ? [] : [await rangeHash(from, to)];
  const middle = from + splitOf(to - from);
  return end <= middle
    ? [...(await subproof(tree, end, from, middle, whole)), await rangeHash(middle, to)]
    : [...(await subproof(tree, end, middle, to, false)), await rangeHash(from, middle)];
}

export function rootAt(tree: Tree, size: number): Promise<Hash> {
  return rootOfPeaks(peaksIn(tree, 0, size));
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** (Math.ceil(Math.log2(size)) - 1);
}

export function equalHashes(a: Hash, b: Hash): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
