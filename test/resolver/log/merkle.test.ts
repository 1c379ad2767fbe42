/** Trees and proofs, compared with a literal implementation of RFC 6962. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addLeaf,
  consistencyProof,
  countOfPeaks,
  type Hash,
  inclusionProof,
  leafHash,
  type Peaks,
  peaksIn,
  rootAt,
  rootOfInclusion,
  rootOfPeaks,
  type Tree,
  treeOf,
} from '../../../resolver/log/merkle.ts';
import { hashTile, newTiles, readTilePath, tilePath } from '../../../resolver/log/tiles.ts';

const sha = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const leaves = Array.from({ length: 600 }, (_, at) => new TextEncoder().encode(`leaf ${at}`));

/** MTH of section 2.1. */
function mth(data: readonly Uint8Array[]): Uint8Array {
  if (data.length === 0) return sha();
  if (data.length === 1) return sha(Uint8Array.of(0), data[0]!);
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return sha(Uint8Array.of(1), mth(data.slice(0, k)), mth(data.slice(k)));
}

const treeOfFirst = async (size: number): Promise<Tree> =>
  treeOf(await Promise.all(leaves.slice(0, size).map(leafHash)));

const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

test('roots of the tree and of every prefix match the definition', async () => {
  for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 64, 100]) {
    const tree = await treeOfFirst(size);
    expect(tree.root).toEqual(mth(leaves.slice(0, size)));
    for (let first = 0; first <= size; first++) {
      expect(await rootAt(tree, first)).toEqual(mth(leaves.slice(0, first)));
    }
  }
});

test('every entry has a proof, which fails with a flipped bit or another position', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), fc.nat(60), fc.nat(), async (index, more, bit) => {
      const tree = await treeOfFirst(index + 1 + more);
      const leaf = tree.levels[0]![index]!;
      const proof = inclusionProof(tree, index);
      expect(await rootOfInclusion(index, tree.size, leaf, proof)).toEqual(tree.root);
      expect(await rootOfInclusion(index, tree.size, flipped(leaf, bit % 256), proof)).not.toEqual(tree.root);
      for (const at of proof.keys()) {
        const bad = proof.with(at, flipped(proof[at]!, bit % 256));
        expect(await rootOfInclusion(index, tree.size, leaf, bad)).not.toEqual(tree.root);
      }
      expect(await rootOfInclusion(index, tree.size, leaf, [...proof, leaf])).toBeNull();
      if (proof.length > 0) expect(await rootOfInclusion(index, tree.size, leaf, proof.slice(1))).toBeNull();
    }),
    { numRuns: 60 },
  );
});

/** SUBPROOF of section 2.1.2. */
function subproof(first: number, data: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (first === data.length) return whole ? [] : [mth(data)];
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return first <= k
    ? [...subproof(first, data.slice(0, k), whole), mth(data.slice(k))]
    : [...subproof(first - k, data.slice(k), false), mth(data.slice(0, k))];
}

test('the proofs that a tree continues each of its prefixes match the definition', async () => {
  for (const size of [1, 2, 3, 7, 8, 45]) {
    const tree = await treeOfFirst(size);
    for (let first = 1; first <= size; first++) {
      expect(await consistencyProof(tree, first)).toEqual(subproof(first, leaves.slice(0, size), true));
    }
  }
});

describe('tiles', () => {
  test('have the paths of the specification, and no others are accepted', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 273, width: 112 })).toBe('tile/entries/273.p/112');
    for (const path of ['tile/0/x001/x234/067', 'tile/entries/273.p/112', 'tile/63/000.p/255']) {
      expect(tilePath(readTilePath(path)!)).toBe(path);
    }
    const wrong =
      'tile/00/000 tile/64/000 tile/0/0000 tile/0/x000/001 tile/0/000.p/256 ' +
      'tile/0/000.p/0 tile/0/000.p/01 tile/0/../000 tile/0/000/';
    for (const path of wrong.split(' ')) {
      expect(readTilePath(path), path).toBeNull();
    }
  });

  test('a tree of 70,000 has the tiles of the specification', () => {
    const tiles = [...newTiles(0, 70_000)].filter(({ level }) => level !== 'entries');
    const count = (level: number, width: number) =>
      tiles.filter((tile) => tile.level === level && tile.width === width).length;
    expect([count(0, 256), count(0, 112), count(1, 256), count(1, 17), count(2, 1)]).toEqual([
      273, 1, 1, 1, 1,
    ]);
    expect(tiles.length).toBe(277);
    expect([...newTiles(70_000, 70_000)]).toEqual([]);
    expect([...newTiles(69_999, 70_000)].map(tilePath)).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
    ]);
  });

  test('above the first level have the roots of full tiles below', async () => {
    const tree = await treeOfFirst(600);
    expect(hashTile(tree, 1, { level: 1, index: 0, width: 2 })).toEqual(
      new Uint8Array([...mth(leaves.slice(0, 256)), ...mth(leaves.slice(256, 512))]),
    );
    expect(hashTile(tree, 1, { level: 1, index: 0, width: 3 })).toBeNull();
  });
});

test('peaks grow to the same roots as trees', async () => {
  let peaks: Peaks = [];
  const leaves: Hash[] = [];
  for (let size = 0; size < 70; size++) {
    expect(await rootOfPeaks(peaks)).toEqual((await treeOf(leaves)).root);
    expect(peaksIn(await treeOf(leaves))).toEqual(peaks);
    expect(peaks.length).toBe(countOfPeaks(size));
    leaves.push(await leafHash(Uint8Array.of(size)));
    peaks = await addLeaf(peaks, size, leaves.at(-1)!);
  }
});
