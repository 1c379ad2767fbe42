/** The signed head of a registry's log: clients keep it, and with it the key, and accept nothing else from then on. */

import type { Diagnostic } from '../answer.ts';
import { base64, hexOf } from '../bytes.ts';
import type { NewestIndex } from '../catalog.ts';
import { canonicalJson, sha256 } from '../digest.ts';
import { remark } from '../issues/fixes.ts';
import { ASK_ITS_OPERATOR } from '../issues/log.ts';
import { isSigned, readPeaks, rootText } from '../log/entries.ts';
import type { Peaks } from '../log/merkle.ts';
import { type Checkpoint, type NoteKey, openCheckpoint, readVerifier } from '../log/note.ts';
import { parseJson } from './documents.ts';
import { RegistryError } from './registry-error.ts';
import { type ClientCache, expectOk, type Get, originOf } from './transport.ts';

/** Registries sign the head of their log every day. */
const OLD_DAYS = 30;
const DAY_MS = 86_400_000;

/** A remark if a head was signed long ago. Throws a {@link RegistryError} from `maxAge` days on. */
export function checkAge(
  url: string,
  { signed }: Pick<Checkpoint, 'signed'>,
  maxAge: number | null,
): Diagnostic | null {
  const host = `The registry at ${originOf(url)}`;
  if (signed === null) {
    if (maxAge === null) return null;
    const message = `${host} does not say when it signed its data.`;
    throw new RegistryError('stale', { url, message, fix: ASK_ITS_OPERATOR });
  }
  const age = (Date.now() - signed) / DAY_MS;
  const days = Math.floor(age);
  const message = `${host} may not send its newest data: its newest signature is ${days} days old.`;
  if (maxAge !== null && age > maxAge)
    throw new RegistryError('stale', { url, message, fix: ASK_ITS_OPERATOR });
  return age < OLD_DAYS ? null : remark('warning', 'old_signature', message, ASK_ITS_OPERATOR);
}

export interface LogHead {
  /** The key, as `name+id+key`. */
  key: string;
  note: string;
  revision: number;
  root: string;
  /** The peaks with which a later log is compared. */
  peaks: Peaks;
  /** When it was signed, in milliseconds since 1970; null if it does not say so. */
  signed: number | null;
}

/** The signed head, or a {@link RegistryError}. `isGiven`: whether the client was given the key, and did not only see it before. */
export async function expectSigned(
  url: string,
  logKey: string | null,
  newest: NewestIndex,
  peaks: Peaks,
  isGiven: boolean,
): Promise<LogHead> {
  const verifier = logKey === null ? null : await readLogKey(logKey);
  const { publication, checkpoint } = newest;
  const { revision, root } = publication;
  if (verifier && (await isSigned(newest, verifier))) {
    const { signed, key } = (await openCheckpoint(checkpoint!, verifier))!;
    return { key, note: checkpoint!, revision, root, peaks, signed };
  }
  const by = verifier ? ` by ${verifier.name}` : '';
  const before = isGiven ? '' : ', as the log was before';
  const message = `Revision ${revision}, which ${url} sends, is not signed${by}${before}.`;
  throw new RegistryError(isGiven ? 'not_signed' : 'history_changed', {
    url,
    message,
    fix: ASK_ITS_OPERATOR,
  });
}

export async function keepHead(
  base: string,
  cache: ClientCache,
  { key, note, peaks }: Pick<LogHead, 'key' | 'note' | 'peaks'>,
): Promise<void> {
  await cache.set(await headKey(base), canonicalJson({ key, note, peaks: peaks.map(base64) }));
}

/** The signed head that was seen last. Null if there is none, or not as it was cached. */
export async function savedHead(base: string, cache: ClientCache): Promise<LogHead | null> {
  const text = await cache.get(await headKey(base));
  const { key, note, peaks } = { ...(parseJson(String(text)) as Record<string, unknown> | null) };
  const verifier = typeof key === 'string' ? await readVerifier(key) : null;
  if (!verifier || typeof note !== 'string' || !Array.isArray(peaks)) return null;
  const checkpoint = await openCheckpoint(note, verifier);
  const read = checkpoint && readPeaks(peaks.map(String), checkpoint.size);
  if (!read || (await rootText(read)) !== hexOf(checkpoint.root)) return null;
  const { size: revision, signed } = checkpoint;
  return { key: key as string, note, revision, root: hexOf(checkpoint.root), peaks: read, signed };
}

const headKey = async (base: string) => `pinwheel-log-${(await sha256(base)).slice(0, 32)}`;

export async function readLogKey(text: string): Promise<NoteKey> {
  const key = await readVerifier(text);
  if (key) return key;
  const message = `"${text.slice(0, 200)}" is not a key of a log.`;
  const fix = 'Write it as the registry does at /log/key: name+id+key.';
  throw new RegistryError('invalid_address', { url: '', message, fix });
}

export async function getCheckpoint(
  base: string,
  get: Get,
  key: NoteKey,
  fix = ASK_ITS_OPERATOR,
): Promise<{ checkpoint: Checkpoint; note: string; url: string }> {
  const url = `${base}log/checkpoint`;
  const note = expectOk(await get(url));
  const checkpoint = await openCheckpoint(note, key);
  if (checkpoint) return { checkpoint, note, url };
  throw new RegistryError('not_signed', { url, message: `${url} is not signed by ${key.name}.`, fix });
}
