/** Entries of a registry's log, from its files (c2sp.org/tlog-tiles). */
import { decode } from '../bytes.ts';
import type { LogEntry } from '../catalog.ts';
import { readEntryBundle, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import { parseJson } from './documents.ts';
import { mismatch } from './mismatch.ts';
import { logEntrySchema } from './schemas.ts';
import { expectOk, type Get, malformed } from './transport.ts';

/** The entries from one revision to another, both included. They are not proven. */
export async function getEntries(base: string, get: Get, first: number, last: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  const from = Math.floor((first - 1) / TILE_WIDTH);
  for (let index = from; first <= last && index * TILE_WIDTH < last; index++) {
    const width = Math.min(TILE_WIDTH, last - index * TILE_WIDTH);
    const url = `${base}log/${tilePath({ level: 'entries', index, width })}`;
    const reply = await get(url);
    expectOk(reply);
    const bundle = readEntryBundle(reply.bytes);
    const found = bundle?.map((bytes) => parseJson(decode(bytes) ?? ''));
    if (found?.length !== width || found.some((entry) => mismatch(logEntrySchema, entry) !== null)) {
      throw malformed(url, `bundle of ${width} entries`, 'its bytes are others');
    }
    entries.push(...(found as LogEntry[]));
  }
  return entries.slice(first - 1 - from * TILE_WIDTH);
}
