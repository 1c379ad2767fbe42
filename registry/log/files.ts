/**
 * The log as files (c2sp.org/tlog-tiles), under `/log`: its signed head, tiles of hashes, bundles of entries; and
 * beside them the key that the head is verified by.
 */
import type { Publication } from '../../resolver/index.ts';
import { unknownRevision } from '../../resolver/issues/target.ts';
import { entryOf, logTree } from '../../resolver/log/entries.ts';
import { inclusionProof, type Tree } from '../../resolver/log/merkle.ts';
import { formatProof, type NoteKey, verifierText } from '../../resolver/log/note.ts';
import {
  entryBundle,
  hashTile,
  readTilePath,
  TILE_WIDTH,
  type TileAddress,
} from '../../resolver/log/tiles.ts';
import type { Call } from '../env.ts';
import { problem, problemOf } from '../http/problem.ts';
import { lookAgain, openSnapshot } from '../storage/isolate.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { integrate, LogForked, readStoredHead, signingKey } from '../storage/signed-head.ts';
import { logError, orNull } from '../structured-log.ts';

export async function checkpointOf(c: Call): Promise<string | Response> {
  const signed = await signedHead(c);
  return signed instanceof Response ? signed : signed.note;
}

export async function proofOf(
  c: Call,
  { revision = '' }: Record<string, string>,
): Promise<string | Response> {
  const signed = await signedHead(c);
  if (signed instanceof Response) return signed;
  const { size, note } = signed;
  if (size > (await openSnapshot(c)).catalog.log.length) lookAgain();
  const { catalog } = await openSnapshot(c);
  const at = /^[1-9]\d{0,8}$/.test(revision) ? Number(revision) : 0;
  if (at < 1 || at > size) return problemOf([unknownRevision({ revision: at, newest: size })]);
  const log = catalog.log.slice(0, size);
  if (log.length < size) throw new StorageUnavailableError('fewer publications are known than were signed');
  const hashes = inclusionProof(await treeOfLog(log), at - 1);
  return formatProof({ index: at - 1, hashes, checkpoint: note });
}

export async function keyOf({ env }: Call): Promise<string | Response> {
  const key = await signingKey(env);
  return key ? `${verifierText(key)}\n` : noKey();
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A tile is computed from the log, which is verified. */
export async function tileAt(c: Call, { path = '' }: Record<string, string>): Promise<Bytes | Response> {
  const address = readTilePath(`tile/${path}`);
  const tile = address && ((await madeTile(c, address)) ?? (await newerTile(c, address)));
  return tile ?? problem('unknown_tile', 'The log has no such tile. Its size is in /log/checkpoint.');
}

interface SignedHead {
  size: number;
  note: string;
}

/** The newest checkpoint in R2, or a problem document. */
async function signedHead(c: Call): Promise<SignedHead | Response> {
  const key = await signingKey(c.env);
  if (!key) return noKey();
  const { catalog } = await openSnapshot(c);
  try {
    // The publisher could not sign, or was interrupted.
    const stored = await readSigned(c, key);
    if (stored) return stored;
    await integrate(c.env, catalog);
    const signed = await readSigned(c, key);
    if (signed) return signed;
  } catch (error) {
    if (!(error instanceof LogForked)) throw error;
    logError(error.message);
    return problem('log_forked', `The log cannot be signed: ${error.message}.`);
  }
  throw new StorageUnavailableError('the checkpoint went missing from R2 once it was there');
}

async function readSigned({ env }: Call, key: NoteKey): Promise<SignedHead | null> {
  const stored = await readStoredHead(env.STORE, key);
  const { publication, checkpoint } = stored?.newest ?? {};
  return publication && checkpoint != null ? { size: publication.revision, note: checkpoint } : null;
}

function noKey(): Response {
  return problem(
    'no_checkpoint',
    'This registry has no key to sign its log with: npm run log:key makes one for the secret LOG_KEY.',
  );
}

/** The tile of the log that this isolate knows; null if that is too short to have it. */
async function madeTile(c: Call, address: TileAddress): Promise<Bytes | null> {
  const { log } = (await openSnapshot(c)).catalog;
  const { level, index, width } = address;
  if (level !== 'entries') return hashTile(await treeOfLog(log), level, address) as Bytes | null;
  const entries = log.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
  return entries.length < width ? null : (entryBundle(entries.map(entryOf)) as Bytes);
}

/** The same, if the log that was signed is longer than the one that this isolate knows. */
async function newerTile(c: Call, address: TileAddress): Promise<Bytes | null> {
  const { log } = (await openSnapshot(c)).catalog;
  const stored = await orNull(readStoredHead(c.env.STORE, null));
  if (!stored || stored.newest.publication.revision <= log.length) return null;
  lookAgain();
  return madeTile(c, address);
}

let tree: { root: string; tree: Tree } | undefined;

async function treeOfLog(log: readonly Publication[]): Promise<Tree> {
  const { root } = log.at(-1)!;
  if (tree?.root !== root) tree = { root, tree: await logTree(log) };
  return tree.tree;
}
