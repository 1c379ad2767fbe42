/** The files of a transparency log (c2sp.org/tlog-tiles): hashes in tiles of 256, entries in bundles of as many. */
import { concat } from '../bytes.ts';
import type { Tree } from './merkle.ts';

/** The number of hashes in a full tile, and of entries in a full bundle. */
export const TILE_WIDTH = 256;
const LONGEST_ENTRY = 0xffff;

export interface TileAddress {
  level: number | 'entries';
  index: number;
  /** From 1 to 256. */
  width: number;
}

/** The path of a tile in the log, such as `tile/0/x001/x234/067.p/8`. */
export function tilePath({ level, index, width }: TileAddress): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g)!;
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${number}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

export function readTilePath(path: string): TileAddress | null {
  const [, level, number, width] =
    /^tile\/(entries|[1-5]?\d|6[0-3])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  if (level === undefined || number === undefined) return null;
  const index = Number(number.replaceAll(/[x/]/g, ''));
  const address: TileAddress = {
    level: level === 'entries' ? level : Number(level),
    index,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  // Each number has one spelling, without extra zeros.
  return tilePath(address) === path && (width === undefined || address.width < TILE_WIDTH) ? address : null;
}

export function widthOfLevel(size: number, level: TileAddress['level']): number {
  return level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
}

/** Every tile that a tree of `size` has and a tree of `before` does not, the lowest level first. */
export function* newTiles(before: number, size: number): Generator<TileAddress> {
  yield* newTilesOf('entries', before, size);
  for (let level = 0; widthOfLevel(size, level) > 0; level++) yield* newTilesOf(level, before, size);
}

function* newTilesOf(level: TileAddress['level'], before: number, size: number): Generator<TileAddress> {
  const [had, has] = [widthOfLevel(before, level), widthOfLevel(size, level)];
  for (let index = Math.floor(had / TILE_WIDTH); index * TILE_WIDTH < has; index++) {
    const width = Math.min(TILE_WIDTH, has - index * TILE_WIDTH);
    if (index * TILE_WIDTH + width > had) yield { level, index, width };
  }
}

/** The bytes of a tile of hashes; null if the tree does not have it. */
export function hashTile(tree: Tree, level: number, { index, width }: TileAddress): Uint8Array | null {
  const first = index * TILE_WIDTH;
  if (first + width > widthOfLevel(tree.size, level)) return null;
  return concat(tree.levels[8 * level]!.slice(first, first + width));
}

/** The bytes of a bundle: each entry after its length in two bytes. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    entries.flatMap((entry) => {
      if (entry.length > LONGEST_ENTRY) throw new Error(`an entry of ${entry.length} bytes is too long`);
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle; null for invalid bytes. */
export function readEntryBundle(bytes: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at]! * 256 + (bytes[at + 1] ?? Number.NaN);
    if (!(at + 2 + length <= bytes.length)) return null;
    entries.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
