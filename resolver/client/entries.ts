/** Entries of a registry's log, from its files (c2sp.org/tlog-tiles). */
import { decode } from '../bytes.ts';
import { readEntryBundle, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import { parseJson } from './documents.ts';
import { expectOk, type Get, malformed } from './transport.ts';

/** An entry as JSON, not checked, and where it is from. */
interface Entry {
  entry: unknown;
  url: string;
}

/** The entries from one revision to another, both included. */
export async function getEntries(base: string, get: Get, first: number, last: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  const from = Math.floor((first - 1) / TILE_WIDTH);
  for (let index = from; first <= last && index * TILE_WIDTH < last; index++) {
    const width = Math.min(TILE_WIDTH, last - index * TILE_WIDTH);
    const url = `${base}log/${tilePath({ level: 'entries', index, width })}`;
    const reply = await get(url);
    expectOk(reply);
    const bundle = readEntryBundle(reply.bytes);
    const found = bundle?.map((bytes) => ({ entry: parseJson(decode(bytes) ?? ''), url }));
    if (found?.length !== width || !found.every(({ entry }) => isObject(entry))) {
      throw malformed(url, `bundle of ${width} entries`, 'its bytes are others');
    }
    entries.push(...found);
  }
  return entries.slice(first - 1 - from * TILE_WIDTH);
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;
