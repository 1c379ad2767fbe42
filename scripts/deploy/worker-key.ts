/** The key of the log of a deployed Worker. It is a secret, which nobody can read again; anybody can ask what verifies it. */
import { openCheckpoint } from '../../resolver/log/checkpoint.ts';
import { readSigner, readVerifier, verifierText } from '../../resolver/log/note.ts';
import { checkpointOf, readKey } from '../backup.ts';

/** The text that verifies the log of a Worker. */
export async function verifierOf(publicUrl: string): Promise<string> {
  const response = await fetch(`${publicUrl}/log/key`);
  if (!response.ok) throw new Error(`${publicUrl}/log/key answers ${response.status}`);
  return (await response.text()).trim();
}

/** The key in a file, if it is the one of a Worker. */
export async function keptKeyOf(file: string, verifier: string): Promise<string | undefined> {
  const text = (await readKey(file))?.trim();
  const key = text === undefined ? null : await readSigner(text);
  return key && verifierText(key) === verifier ? text : undefined;
}

/** Throws if the log of a backup is signed, and not by the key of the Worker that would go on with it. */
export async function expectSameKey(backup: string, verifier: string): Promise<void> {
  const checkpoint = await checkpointOf(backup);
  const key = await readVerifier(verifier);
  if (checkpoint === null || (key && (await openCheckpoint(checkpoint, key)))) return;
  throw new Error(
    `The log of ${backup} goes on only with its own key, but the Worker has another one already, ${verifier}. ` +
      'Deploy under another --name.',
  );
}
