/** A package's archive of any format, as a sequence of entries. Zip archives are read as strictly as zip.js can. */

import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { readTar, type TarEntry, TarError } from '../../resolver/archives/tar.ts';
import { STRICT, zipProblem } from '../../resolver/archives/zip.ts';

export type ArchiveKind = 'wheel' | 'zip' | 'tar.gz' | 'tar';

export interface ArchiveEntry {
  /** The name in the archive, unchecked. */
  name: string;
  type: TarEntry['type'];
  size: number;
  /** Reads the content, and verifies the archive's checksum, if there is one. */
  pour(sink: (chunk: Uint8Array) => Promise<void>): Promise<void>;
}

export class ArchiveError extends Error {}

type Entry = Awaited<ReturnType<ZipReader<unknown>['getEntries']>>[number];

/** The type of a file, which Unix tools write into the upper half of the attributes. */
const FILE_TYPE = 0o170000;
const TYPES = new Map<number, ArchiveEntry['type']>([
  [0, 'file'],
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'link'],
]);

export async function* readZip(path: string): AsyncGenerator<ArchiveEntry, void, undefined> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    // Names are checked while unpacking, in the same way for all formats.
    const zip = new ZipReader(new HandleReader(handle, size), { ...STRICT, filenameValidation: 'tolerant' });
    const entries = zip.getEntriesGenerator();
    for (;;) {
      const next = await entries.next().catch(refuse);
      if (next.done) return;
      yield entryOf(next.value);
    }
  } finally {
    await handle.close();
  }
}

function entryOf(entry: Entry): ArchiveEntry {
  const type = TYPES.get((entry.externalFileAttributes >>> 16) & FILE_TYPE) ?? 'other';
  return {
    name: nameOf(entry),
    type: entry.directory && type === 'file' ? 'directory' : type,
    size: entry.uncompressedSize,
    async pour(sink) {
      if (entry.directory) return;
      let stopped: unknown;
      const writable = new WritableStream<Uint8Array>({
        write: (chunk) =>
          sink(chunk).catch((error: unknown) => {
            stopped = error;
            throw error;
          }),
      });
      await entry.getData(writable, { checkSignature: true, checkOverlappingEntry: true }).catch((error) => {
        if (stopped !== undefined) throw stopped;
        refuse(error);
      });
    },
  };
}

/** Keeps control characters: without the flag for UTF-8, zip.js decodes them as the symbols of code page 437. */
function nameOf({ filename, rawFilename }: Entry): string {
  const isPlain = rawFilename.every((byte) => byte >= 0x20 && byte !== 0x7f);
  return isPlain ? filename : Buffer.from(rawFilename).toString('latin1');
}

function refuse(error: NodeJS.ErrnoException): never {
  // An error of the file system, not of the archive.
  if (error.syscall !== undefined) throw error;
  throw new ArchiveError(zipProblem(error), { cause: error });
}

class HandleReader extends Reader<null> {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    super(null);
    this.size = size;
    this.#handle = handle;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  }
}

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
