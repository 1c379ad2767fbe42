/** The signed head of a registry's log, with which everything that the registry sends has to agree. */
import type { Publication } from '../catalog.ts';
import { type Checkpoint, openCheckpoint } from '../log/checkpoint.ts';
import { logTree } from '../log/entries.ts';
import { equalHashes, rootAt } from '../log/merkle.ts';
import { type NoteKey, readVerifier } from '../log/note.ts';
import { RegistryError } from './registry-error.ts';
import { expectOk, type Get } from './transport.ts';

const FIX = 'Ask those who run the registry what happened to it.';

/** Throws a {@link RegistryError} if the log is not the one that the key has signed. */
export async function checkSigned(
  base: string,
  get: Get,
  logKey: string,
  log: readonly Publication[],
): Promise<void> {
  const key = await readLogKey(logKey);
  const { checkpoint, url } = await getCheckpoint(base, get, key);
  if (checkpoint.size > log.length) {
    const message = `According to ${url}, the log has ${checkpoint.size} publications, but the catalog shows ${log.length}.`;
    throw new RegistryError('not_signed', {
      url,
      message,
      fix: 'Try again in a minute: caches may be behind.',
    });
  }
  if (equalHashes(await rootAt(await logTree(log), checkpoint.size), checkpoint.root)) return;
  const message = `The log that the registry sends is not the one whose head is signed at ${url}.`;
  throw new RegistryError('not_signed', { url, message, fix: FIX });
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
): Promise<{ checkpoint: Checkpoint; note: string; url: string }> {
  const url = `${base}log/checkpoint`;
  const note = expectOk(await get(url));
  const checkpoint = await openCheckpoint(note, key);
  if (checkpoint) return { checkpoint, note, url };
  throw new RegistryError('not_signed', { url, message: `${url} is not signed by ${key.name}.`, fix: FIX });
}
