/** The key of the log, read once. */
import type { SigningKey } from '../../resolver/log/note.ts';
import type { Bindings } from '../env.ts';
import { problem } from '../http/problem.ts';
import { signingKey } from '../storage/log-files.ts';

let read: { text: string; key: SigningKey | null } | undefined;

/** Null for a registry that signs nothing. */
export async function logKeyOf(env: Bindings): Promise<SigningKey | null> {
  const text = env.LOG_KEY ?? '';
  if (read?.text !== text) read = { text, key: await signingKey(env) };
  return read.key;
}

export function noKey(): Response {
  return problem(
    'no_checkpoint',
    'This registry has no key to sign its log with: npm run log:key makes one for the secret LOG_KEY.',
  );
}
