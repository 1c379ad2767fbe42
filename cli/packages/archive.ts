/** A package's archive of any format, as a sequence of entries. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { readTar, TarError } from '../../resolver/archives/tar.ts';
import { type ArchiveEntry, ArchiveError, type ArchiveKind } from './entry.ts';
import { readZip } from './zip.ts';

export function archiveKind(filename: string): ArchiveKind | null {
  if (filename.endsWith('.whl')) return 'wheel';
  if (filename.endsWith('.zip')) return 'zip';
  if (/\.(tar\.gz|tgz)$/.test(filename)) return 'tar.gz';
  return filename.endsWith('.tar') ? 'tar' : null;
}

/** The entries, in the archive's order. `mostBytes` limits their total size, unpacked. */
export function readArchive(
  path: string,
  kind: ArchiveKind,
  mostBytes: number,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  return kind === 'wheel' || kind === 'zip' ? readZip(path) : readTarball(path, kind, mostBytes);
}

async function* readTarball(
  path: string,
  kind: ArchiveKind,
  mostBytes: number,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const file = createReadStream(path);
  const unzipped = kind === 'tar.gz' ? file.pipe(createGunzip()) : file;
  // `pipe` does not pass on errors.
  if (unzipped !== file) file.on('error', (error) => unzipped.destroy(error));
  try {
    for await (const { name, type, size, content } of readTar(bounded(unzipped, mostBytes))) {
      yield {
        name,
        type,
        size,
        async pour(sink) {
          for await (const chunk of content()) await sink(chunk);
        },
      };
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TarError) throw new ArchiveError(message, { cause: error });
    if (code?.startsWith('Z_')) throw new ArchiveError(`damaged gzip data: ${message}`, { cause: error });
    throw error;
  } finally {
    file.destroy();
    unzipped.destroy();
  }
}

/** Headers and skipped bytes count, too. */
async function* bounded(chunks: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > mostBytes) throw new ArchiveError(`it unpacks to more than ${mostBytes} bytes`);
    yield chunk;
  }
}
