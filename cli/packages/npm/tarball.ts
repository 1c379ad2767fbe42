/** Reads one file from an npm tarball while it is decompressed, so that nothing else is kept in memory. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readTar } from '../../../resolver/archives/tar.ts';

/**
 * The bytes of `path` (such as `package/bin/workerd`) in a `.tgz`.
 * @throws if the archive is damaged or has no such file
 */
export async function readFromTarball(tarball: string, path: string): Promise<Buffer> {
  let found: Buffer | undefined;
  try {
    await pipeline(createReadStream(tarball), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const { name, content } of readTar(chunks)) {
        if (name !== path) continue;
        const pieces: Uint8Array[] = [];
        for await (const piece of content()) pieces.push(piece);
        found = Buffer.concat(pieces);
      }
    });
  } catch (error) {
    throw new Error(`${tarball} has no complete ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (!found) throw new Error(`${tarball} has no complete ${path}`);
  return found;
}
