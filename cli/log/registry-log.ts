/** Reads the log of a registry from its files, and checks it as a monitor of a transparency log does. */

import { base64, decode } from '../../resolver/bytes.ts';
import type { Catalog, Publication } from '../../resolver/catalog.ts';
import { parseJson } from '../../resolver/client/documents.ts';
import { getCheckpoint, readLogKey } from '../../resolver/client/signed.ts';
import { expectOk, type Get, transport } from '../../resolver/client/transport.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import type { Checkpoint } from '../../resolver/log/checkpoint.ts';
import { equalHashes, inclusionProof, leafHash, type Tree, treeOf } from '../../resolver/log/merkle.ts';
import { type NoteKey, verifierText } from '../../resolver/log/note.ts';
import { hashTile, newTiles, readEntryBundle, tilePath } from '../../resolver/log/tiles.ts';
import { registryCache } from '../registry-cache.ts';
import { broken } from './replay.ts';

const TIMEOUT_MS = 30_000;
const AT_ONCE = 8;

export interface RegistryLog {
  key: NoteKey;
  checkpoint: Checkpoint;
  /** As it was signed. */
  note: string;
  /** Unchecked JSON. */
  entries: unknown[];
  tree: Tree;
}

export const getFrom = (): Get => transport((url, init) => fetch(url, init), TIMEOUT_MS);

/**
 * Reads the whole log tile by tile, and compares it with its checkpoint.
 * @param keyText the verifying key; by default the first one seen, or the one that the registry names
 */
export async function readLog(base: string, get: Get, keyText: string | undefined): Promise<RegistryLog> {
  const kept = await savedHead(base);
  const key = await readLogKey((keyText ?? kept?.key ?? expectOk(await get(`${base}log/key`))).trim());
  const { checkpoint, note } = await getCheckpoint(base, get, key);
  const tiles = newTiles(0, checkpoint.size);
  const read = async (tile: (typeof tiles)[number]) => {
    const url = `${base}log/${tilePath(tile)}`;
    const reply = await get(url);
    expectOk(reply);
    return { tile, url, bytes: reply.bytes };
  };
  const files: Awaited<ReturnType<typeof read>>[] = [];
  for (let at = 0; at < tiles.length; at += AT_ONCE) {
    files.push(...(await Promise.all(tiles.slice(at, at + AT_ONCE).map(read))));
  }
  const entries: Uint8Array[] = [];
  for (const { tile, url, bytes } of files.filter(({ tile }) => tile.level === 'entries')) {
    const found = readEntryBundle(bytes);
    if (found?.length !== tile.width) throw broken(`${url} is not a bundle of ${tile.width} entries.`);
    entries.push(...found);
  }
  const tree = await treeOf(await Promise.all(entries.map(leafHash)));
  for (const { tile, url, bytes } of files) {
    if (tile.level === 'entries') continue;
    const made = hashTile(tree, tile.level, tile);
    if (!made || !equalHashes(made, bytes)) throw broken(`${url} does not match the hashes of the entries.`);
  }
  if (!equalHashes(tree.root, checkpoint.root)) {
    throw broken(`The entries of the log do not form the tree that ${base}log/checkpoint signs.`);
  }
  if (kept && kept.size > checkpoint.size) {
    throw broken(
      `The log had ${kept.size} publications when it was last seen, and now has ${checkpoint.size}.`,
    );
  }
  const texts = entries.map(decode);
  return {
    key,
    checkpoint,
    note,
    entries: texts.map((text) => (text === null ? null : parseJson(text))),
    tree,
  };
}

/** The key of a registry's log: the first one seen, which is kept with the log that it signs. */
export async function pinnedKey(base: string, get: Get): Promise<NoteKey> {
  const kept = await savedHead(base);
  if (kept) return readLogKey(kept.key);
  const log = await readLog(base, get, undefined);
  await keepHead(base, log);
  return log.key;
}

/** A published document, by its digest. */
export async function getDocument(base: string, get: Get, { document }: Publication): Promise<unknown> {
  const url = `${base}v1/documents/${document}`;
  const text = expectOk(await get(url));
  if ((await sha256(text)) !== document) throw broken(`The document at ${url} has the wrong digest.`);
  return parseJson(text);
}

/** The registry's catalog as of the newest entry of its signed log. */
export async function getCatalog(base: string, get: Get): Promise<Catalog> {
  return parseJson(expectOk(await get(`${base}v1/catalog`))) as Catalog;
}

/** The cached state of a verified log. */
export interface SavedHead {
  key: string;
  note: string;
  size: number;
  /** The proof of the newest entry, as Base64. */
  hashes: string[];
}

export async function keepHead(base: string, { key, note, checkpoint, tree }: RegistryLog): Promise<void> {
  const { size } = checkpoint;
  const hashes = inclusionProof(tree, size - 1).map(base64);
  const kept: SavedHead = { key: verifierText(key), note, size, hashes };
  await registryCache.set(await headKey(base), canonicalJson(kept));
}

export async function savedHead(base: string): Promise<SavedHead | null> {
  const text = await registryCache.get(await headKey(base));
  return typeof text === 'string' ? ((parseJson(text) as SavedHead | undefined) ?? null) : null;
}

const headKey = async (base: string) => `pinwheel-log-${(await sha256(base)).slice(0, 32)}`;
