/**
 * Reads the log of a registry from its files, and checks it as a monitor of a transparency log does: by its hashes, and by
 * the catalog that its documents make.
 */
import { decode, hexOf } from '../../resolver/bytes.ts';
import { parseJson } from '../../resolver/client/documents.ts';
import { RegistryError } from '../../resolver/client/registry-error.ts';
import {
  checkAge,
  getCheckpoint,
  keepHead,
  type LogHead,
  readLogKey,
  savedHead,
} from '../../resolver/client/signed.ts';
import { expectOk, type Get, transport } from '../../resolver/client/transport.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { isTable } from '../../resolver/formats/table.ts';
import type { PackageSet } from '../../resolver/index.ts';
import { ASK_ITS_OPERATOR, logBroken, toTrustAnew } from '../../resolver/issues/log.ts';
import { equalHashes, leafHash, peaksIn, rootAt, type Tree, treeOf } from '../../resolver/log/merkle.ts';
import type { Checkpoint, NoteKey } from '../../resolver/log/note.ts';
import { hashTile, newTiles, readEntryBundle, tilePath } from '../../resolver/log/tiles.ts';
import { emptyTable } from '../../resolver/pinned-files.ts';
import { changeOf, emptyCatalog, factsOf } from '../../resolver/publication.ts';
import { type Catalog, type CatalogSet, LogEntry, RegistryDocument } from '../../resolver/schemas.ts';
import { misused, unanswered } from '../common/failure.ts';
import { registryCache, registryCacheFolder } from '../common/folders.ts';
import { fetchUntil, type Listener } from '../common/listener.ts';
import { together } from '../common/together.ts';

const TIMEOUT_MS = 30_000;
const AT_ONCE = 8;

export interface RegistryLog {
  key: NoteKey;
  checkpoint: Checkpoint;
  note: string;
  /** Unchecked JSON. */
  entries: unknown[];
  tree: Tree;
}

export const getFrom = (signal?: AbortSignal): Get => transport(fetchUntil(signal), TIMEOUT_MS);

/** Remarks that the newest signature is old. Fails if it is older than `maxAge` days, or absent though expected. */
export async function checkHead(
  base: string,
  maxAge: string | undefined,
  { remarks, signal }: Pick<Listener, 'remarks' | 'signal'>,
): Promise<void> {
  const most = readDays(maxAge);
  const get = getFrom(signal);
  const kept = await savedHead(base, registryCache);
  // Asked for together with the key.
  const head = get(`${base}log/checkpoint`);
  head.catch(() => {});
  try {
    const key = await readLogKey((kept?.key ?? expectOk(await get(`${base}log/key`))).trim());
    const { checkpoint } = await getCheckpoint(base, () => head, key, fixFor(kept));
    const remark = checkAge(base, checkpoint, most);
    if (remark) remarks([remark]);
  } catch (error) {
    const isReached = error instanceof RegistryError && !['unreachable', 'timeout'].includes(error.code);
    // Nobody has asked for a signature, and none was seen before.
    if (isReached && most === null && kept === null) return;
    throw error;
  }
}

/** The fix for a head that is not signed by the key that was seen before, if one was. */
const fixFor = (kept: LogHead | null) => ASK_ITS_OPERATOR + (kept ? toTrustAnew(registryCacheFolder()) : '');

/** The number of days of `--max-age`; null without it. */
export function readDays(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw misused({ problem: 'invalid_max_age', text });
}

/** Reads the whole log tile by tile, and compares it with its checkpoint and with the head that was seen before. */
export async function readLog(base: string, get: Get, keyText: string | undefined): Promise<RegistryLog> {
  const kept = await savedHead(base, registryCache);
  const key = await readLogKey((keyText ?? kept?.key ?? expectOk(await get(`${base}log/key`))).trim());
  // A user who names the key has decided to trust it.
  const fix = fixFor(keyText === undefined ? kept : null);
  const { checkpoint, note, url } = await getCheckpoint(base, get, key, fix);
  // Never as a list, for which a checkpoint can sign a size that leaves no room.
  const files = await together(newTiles(0, checkpoint.size), AT_ONCE, async (tile) => {
    const file = `${base}log/${tilePath(tile)}`;
    const reply = await get(file);
    expectOk(reply);
    return { tile, file, bytes: reply.bytes };
  });
  const leaves: Uint8Array[] = [];
  for (const { tile, file, bytes } of files.filter(({ tile }) => tile.level === 'entries')) {
    const bundle = readEntryBundle(bytes);
    if (bundle?.length !== tile.width) throw broken({ problem: 'no_bundle', url: file, entries: tile.width });
    leaves.push(...bundle);
  }
  const tree = await treeOf(await Promise.all(leaves.map(leafHash)));
  for (const { tile, file, bytes } of files) {
    if (tile.level === 'entries') continue;
    const made = hashTile(tree, tile.level, tile);
    if (!made || !equalHashes(made, bytes)) throw broken({ problem: 'other_tile', url: file });
  }
  if (!equalHashes(tree.root, checkpoint.root)) throw broken({ problem: 'other_tree', url });
  if (kept) await expectContinued(kept, tree);
  if (tree.size === 0) throw broken({ problem: 'empty', url });
  const entries = leaves.map(decode).map((text) => (text === null ? null : parseJson(text)));
  return { key, checkpoint, note, entries, tree };
}

async function expectContinued({ revision, root }: LogHead, tree: Tree): Promise<void> {
  if (revision > tree.size) {
    throw broken({ problem: 'shorter', seen: revision, size: tree.size, trusted: registryCacheFolder() });
  }
  if (hexOf(await rootAt(tree, revision)) === root) return;
  throw broken({ problem: 'not_continued', seen: revision, trusted: registryCacheFolder() });
}

export async function getDocument(base: string, get: Get, digest: string): Promise<unknown> {
  const url = `${base}v1/documents/${digest}`;
  const text = expectOk(await get(url));
  if ((await sha256(text)) !== digest) throw broken({ problem: 'wrong_digest', url });
  return parseJson(text);
}

/** Keeps the head of a log that was read: from now on, every command accepts only what continues it. */
export async function keepLog(base: string, { checkpoint: { key }, note, tree }: RegistryLog): Promise<void> {
  await keepHead(base, registryCache, { key, note, peaks: peaksIn(tree) });
}

export function broken(given: Parameters<typeof logBroken>[0]) {
  return unanswered([logBroken(given)]);
}

/** Later versions of the registry may publish documents of further kinds. */
function misread(entry: unknown, revision: number): Parameters<typeof logBroken>[0] {
  const { kind } = isTable(entry) ? entry : {};
  const isKnown = LogEntry.shape.kind.safeParse(kind).success;
  return typeof kind === 'string' && !isKnown
    ? { problem: 'unknown_kind', revision, kind }
    : { problem: 'no_publication', revision };
}

/** The catalog that publishing all documents of a log makes. */
export async function replay(
  log: readonly unknown[],
  documentOf: (entry: LogEntry) => Promise<unknown>,
): Promise<Catalog> {
  let catalog = emptyCatalog;
  let table = emptyTable;
  for (const [at, given] of log.entries()) {
    const read = LogEntry.safeParse(given);
    if (!read.success) throw broken(misread(given, at + 1));
    const entry = read.data;
    const document = RegistryDocument.safeParse(await documentOf(entry));
    if (!document.success) throw broken({ problem: 'no_document', revision: entry.revision });
    const openSet = async ({ revision }: CatalogSet) =>
      factsOf(RegistryDocument.parse(await documentOf(log[revision - 1] as LogEntry))) as PackageSet;
    const change = await changeOf(catalog, document.data, entry, table, openSet);
    const made = change.publication;
    const wrong = (Object.keys(entry) as (keyof LogEntry)[]).find((field) => made[field] !== entry[field]);
    if (wrong) {
      throw broken({
        problem: 'wrong_field',
        revision: at + 1,
        entry: `${entry.kind} ${entry.name}`,
        field: wrong,
        stated: `${entry[wrong]}`,
        made: `${made[wrong]}`,
      });
    }
    ({ after: catalog, table } = change);
  }
  return catalog;
}

export const isSameCatalog = (a: Catalog, b: Catalog): boolean => canonicalJson(a) === canonicalJson(b);
