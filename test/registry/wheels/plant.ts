/** Files that a set pins and that are stored in R2. */
import { env } from 'cloudflare:workers';
import { append } from '../../../registry/publish/publish.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import { integrate } from '../../../registry/storage/signed-head.ts';
import { putWheel } from '../../../registry/storage/wheels.ts';
import { sha256 as sha256OfBytes } from '../../../resolver/digest.ts';
import { packageSetOf } from '../../test-set.ts';

export interface PlantedFile {
  filename: string;
  bytes: Uint8Array;
  sha256: string;
  /** Its path on the registry. */
  path: string;
}

/** Nothing listens there: files that are not in R2 cannot be fetched. */
export const NOWHERE = 'http://127.0.0.1:1/';

export async function plantFiles(
  files: readonly { filename: string; bytes: Uint8Array }[],
): Promise<PlantedFile[]> {
  const made = await Promise.all(
    files.map(async ({ filename, bytes }) => {
      const sha256 = await sha256OfBytes(new Uint8Array(bytes));
      return { filename, bytes, sha256, path: `/wheels/${sha256}/${filename}` };
    }),
  );
  const set = packageSetOf(
    made.map(({ filename, sha256 }) => ({ filename, sha256, url: NOWHERE + filename })),
  );
  const outcome = await append(env, await readWhole(env), set, set.released);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  await integrate(env, outcome.value.catalog);
  for (const { filename, bytes, sha256 } of made) {
    await putWheel(env.STORE, { sha256, filename, url: NOWHERE + filename }, bytes);
  }
  return made;
}
