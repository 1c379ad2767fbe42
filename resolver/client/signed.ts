/** The signed head of a registry's log, with which everything that the registry sends has to agree. */
import type { Diagnostic } from '../answer.ts';
import type { Publication } from '../catalog.ts';
import { warning } from '../diagnostic.ts';
import { type Checkpoint, openCheckpoint, readProof } from '../log/checkpoint.ts';
import { entryOf } from '../log/entries.ts';
import { equalHashes, leafHash, rootOfInclusion } from '../log/merkle.ts';
import { type NoteKey, readVerifier } from '../log/note.ts';
import { RegistryError } from './registry-error.ts';
import { expectOk, type Get, originOf } from './transport.ts';

export const FIX = 'Ask those who run the registry what happened to it.';

/** Registries sign the head of their log every day. */
const OLD_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * A remark if a head was signed so long ago that the registry, or who sends its data, may be kept as it was. Throws a
 * {@link RegistryError} if that is longer ago than `maxAge` days.
 */
export function checkAge(
  url: string,
  { signed }: Pick<Checkpoint, 'signed'>,
  maxAge: number | null,
): Diagnostic | null {
  const host = `The registry at ${originOf(url)}`;
  if (signed === null) {
    if (maxAge === null) return null;
    throw new RegistryError('stale', {
      url,
      message: `${host} does not say when it signed its data.`,
      fix: FIX,
    });
  }
  const age = (Date.now() - signed) / DAY_MS;
  const days = Math.floor(age);
  const message = `${host} may not send its newest data: its newest signature is ${days} days old.`;
  if (maxAge !== null && age > maxAge) throw new RegistryError('stale', { url, message, fix: FIX });
  return age < OLD_DAYS ? null : warning('old_signature', message, FIX);
}

/** A log that goes on after the newest publication that the registry sends. */
export interface LogAhead {
  url: string;
  size: number;
}

/**
 * Throws a {@link RegistryError} if a publication is not in the log that the key has signed. Null if it is the newest
 * one of that log. `onHead` receives the signed head.
 */
export async function checkSigned(
  base: string,
  get: Get,
  logKey: string,
  publication: Publication,
  onHead: (head: Checkpoint) => void = () => {},
): Promise<LogAhead | null> {
  const key = await readLogKey(logKey);
  const index = publication.revision - 1;
  const url = `${base}log/proof/${publication.revision}`;
  const proof = readProof(expectOk(await get(url)));
  const checkpoint = proof && (await openCheckpoint(proof.checkpoint, key));
  if (!checkpoint) throw notSigned(url, `${url} is not signed by ${key.name}.`);
  onHead(checkpoint);
  if (checkpoint.size > publication.revision) return { url, size: checkpoint.size };
  const leaf = await leafHash(entryOf(publication));
  const root = proof.index === index && (await rootOfInclusion(index, checkpoint.size, leaf, proof.hashes));
  if (root && equalHashes(root, checkpoint.root)) return null;
  throw notSigned(url, `The log that the registry sends is not the one whose head is signed at ${url}.`);
}

export function behindLog({ url, size }: LogAhead, { revision }: Publication): RegistryError {
  const message = `According to ${url}, the log has ${size} publications, but the newest that the registry sends is ${revision}.`;
  return notSigned(url, message, 'Try again in a minute: caches may be behind.');
}

export async function readLogKey(text: string): Promise<NoteKey> {
  const key = await readVerifier(text);
  if (key) return key;
  const message = `"${text.slice(0, 200)}" is not a key of a log.`;
  const fix = 'Write it as the registry does at /log/key: name+id+key.';
  throw new RegistryError('invalid_address', { url: '', message, fix });
}

/** The head of the log, if the key has signed it. */
export async function getCheckpoint(
  base: string,
  get: Get,
  key: NoteKey,
  fix = FIX,
): Promise<{ checkpoint: Checkpoint; note: string; url: string }> {
  const url = `${base}log/checkpoint`;
  const note = expectOk(await get(url));
  const checkpoint = await openCheckpoint(note, key);
  if (checkpoint) return { checkpoint, note, url };
  throw notSigned(url, `${url} is not signed by ${key.name}.`, fix);
}

const notSigned = (url: string, message: string, fix = FIX) =>
  new RegistryError('not_signed', { url, message, fix });
