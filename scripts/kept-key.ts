/** Keys of logs, in files of this machine. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wasSigned } from '../registry/storage/signed-head.ts';
import { generateNoteKey, readSigner } from '../resolver/log/note.ts';

/**
 * The key of this machine's log, whose name cannot be mistaken for that of another registry. It is made for a log that
 * was never signed.
 */
export async function localLogKey(persist: string | undefined, store: R2Bucket): Promise<string> {
  const name = 'localhost/log';
  if (persist === undefined) return (await generateNoteKey(name)).signing;
  const file = join(persist, 'log-key.txt');
  // A damaged head has a remedy of its own.
  const isLost = !existsSync(file) && (await wasSigned(store).catch(() => false));
  if (isLost) {
    throw new Error(
      `${file}, the key that has signed this log, is gone. Put a copy of it there: a backup has one. ` +
        'Without it, only another log can begin, which clients reject: see "Another key" in registry/README.md.',
    );
  }
  return keptKey(file, name);
}

/** The key in a file, or a new one, which is written to it first. */
export async function keptKey(file: string, logName: string): Promise<string> {
  const kept = (await readKey(file))?.trim();
  if (kept) {
    if (!(await readSigner(kept))) throw new Error(`${file} has no key of a log: it was changed`);
    return kept;
  }
  const { signing } = await generateNoteKey(logName);
  await writeKey(file, `${signing}\n`);
  return signing;
}

/** Null if there is none: a registry that was never started has no key. */
export const readKey = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`${file} could not be read: ${error.message}`, { cause: error });
  });

export async function writeKey(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o600 });
}
