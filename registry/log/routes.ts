/**
 * The log as files (c2sp.org/tlog-tiles), under `/log`: its signed head, tiles of hashes, bundles of entries; and
 * beside them the key that the head is verified by.
 */
import * as z from 'zod';
import type { Publication } from '../../resolver/index.ts';
import { unknownRevision } from '../../resolver/issues/target.ts';
import { logTree } from '../../resolver/log/entries.ts';
import { inclusionProof, type Tree } from '../../resolver/log/merkle.ts';
import { formatProof, type NoteKey, verifierText } from '../../resolver/log/note.ts';
import { readTilePath, type TileAddress } from '../../resolver/log/tiles.ts';
import type { Call } from '../env.ts';
import { described, RevisionPath } from '../http/described.ts';
import { problem, problemOf } from '../http/problem.ts';
import { FOREVER } from '../http/reply.ts';
import { problemResponse, type Route } from '../http/route.ts';
import { lookAgain, openSnapshot } from '../storage/isolate.ts';
import { hasTile, integrate, LogForked, readStoredHead, signingKey, tileOf } from '../storage/log-files.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { logError } from '../structured-log.ts';
import { noKey } from './no-key.ts';

/** The head of a log is cached for a few seconds only. */
const BRIEFLY = 'public, max-age=5';
const TEXT = 'text/plain; charset=utf-8';

const text = (description: string) => ({
  200: { description, content: { 'text/plain': { schema: z.string() } } },
  default: problemResponse,
});

const checkpoint: Route = {
  method: 'get',
  path: '/log/checkpoint',
  operations: [
    {
      method: 'get',
      path: '/log/checkpoint',
      tags: ['History'],
      summary:
        'How many publications the log has and the root of their Merkle tree, signed (C2SP tlog-checkpoint)',
      responses: text('The checkpoint'),
    },
  ],
  async respond(c) {
    const signed = await signedHead(c);
    return signed instanceof Response ? signed : send(signed.note, BRIEFLY, TEXT);
  },
};

const proof: Route = {
  method: 'get',
  path: '/log/proof/{revision}',
  operations: [
    {
      method: 'get',
      path: '/log/proof/{revision}',
      tags: ['History'],
      summary:
        'Proves that a publication is in the log of the checkpoint, which comes with it (C2SP tlog-proof)',
      request: { params: RevisionPath },
      responses: text('The proof'),
    },
  ],
  async respond(c, { revision = '' }) {
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
    return send(formatProof({ index: at - 1, hashes, checkpoint: note }), BRIEFLY, TEXT);
  },
};

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

const key: Route = {
  method: 'get',
  path: '/log/key',
  operations: [
    {
      method: 'get',
      path: '/log/key',
      tags: ['History'],
      summary: 'The key by which checkpoints are verified, as `name+id+key` (C2SP signed-note)',
      responses: text('The key'),
    },
  ],
  async respond(c) {
    const known = await signingKey(c.env);
    return known ? send(`${verifierText(known)}\n`, 'public, max-age=3600', TEXT) : noKey();
  },
};

const tilePath = '/log/tile/{path}';

/** Its path has several parts, which another router matches: see `worker.ts`. */
export const tileRoute: Route = {
  method: 'get',
  path: tilePath,
  operations: [
    {
      method: 'get',
      path: tilePath,
      tags: ['History'],
      summary:
        'A tile of the log: `{level}/{index}` of hashes, `entries/{index}` of publications (C2SP tlog-tiles)',
      request: { params: z.object({ path: described(z.string(), { example: 'entries/000.p/12' }) }) },
      responses: {
        200: { description: 'The tile', content: { 'application/octet-stream': { schema: z.any() } } },
        default: problemResponse,
      },
    },
  ],
  async respond(c, { path = '' }) {
    const address = readTilePath(`tile/${path}`);
    const tile = address && ((await madeTile(c, address)) ?? (await newerTile(c, address)));
    return tile
      ? send(tile, FOREVER, 'application/octet-stream')
      : problem('unknown_tile', 'The log has no such tile. Its size is in /log/checkpoint.');
  },
};

export const logFileRoutes: readonly Route[] = [checkpoint, proof, key];

/** A tile that is computed from the log, which is verified; the tiles in R2 are not. */
async function madeTile(c: Call, address: TileAddress) {
  const { log } = (await openSnapshot(c)).catalog;
  return tileOf(log, await treeOfLog(log), address);
}

/** The same, if the log in R2 is longer than the one that this isolate knows. */
async function newerTile(c: Call, address: TileAddress) {
  if (!(await hasTile(c.env.STORE, address))) return null;
  lookAgain();
  return madeTile(c, address);
}

let tree: { root: string; tree: Tree } | undefined;

async function treeOfLog(log: readonly Publication[]): Promise<Tree> {
  const { root } = log.at(-1)!;
  if (tree?.root !== root) tree = { root, tree: await logTree(log) };
  return tree.tree;
}

function send(body: BodyInit, cacheControl: string, contentType: string): Response {
  const headers = {
    'content-type': contentType,
    'cache-control': cacheControl,
    'access-control-allow-origin': '*',
  };
  return new Response(body, { headers });
}
