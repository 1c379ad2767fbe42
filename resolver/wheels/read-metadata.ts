/** Reads a wheel's METADATA by a few ranges: a wheel may be larger than an isolate's memory. */
import { Reader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { STRICT, zipProblem } from '../archives/zip.ts';

/** The largest METADATA, unpacked; the longest known are some hundred kilobytes. */
const MOST_METADATA = 1024 * 1024;
/** The size limit of one read, above all for the central directory, which is read whole. */
const MOST_BYTES_AT_ONCE = 4 * 1024 * 1024;
/** A regular wheel takes fewer than ten. */
const MOST_READS = 100;

/** Whether a file is a wheel by its name; shared libraries and Cloudflare's repacked packages are not. */
export function isWheel(filename: string): boolean {
  return filename.endsWith('.whl');
}

export type ReadRange = (offset: number, length: number) => Promise<Uint8Array>;

export type Metadata =
  | { ok: true; bytes: Uint8Array<ArrayBuffer>; paths: string[] }
  | { ok: false; issue: string };

/** METADATA and the paths of all files. Ambiguous zips are rejected; `issue` says why. Throws what `read` throws. */
export async function readMetadata(size: number, read: ReadRange): Promise<Metadata> {
  let failure: { cause: unknown } | undefined;
  const watched: ReadRange = (offset, length) =>
    read(offset, length).catch((cause) => {
      failure ??= { cause };
      throw cause;
    });
  try {
    const zip = new ZipReader(new RangeReader(size, watched), STRICT);
    let metadata: FileEntry | undefined;
    const paths: string[] = [];
    for await (const entry of zip.getEntriesGenerator()) {
      if (!entry.directory) paths.push(entry.filename);
      if (!/^[^/]+\.dist-info\/METADATA$/.test(entry.filename)) continue;
      if (metadata) return { ok: false, issue: `two of them: ${metadata.filename} and ${entry.filename}` };
      if (entry.directory) return { ok: false, issue: `${entry.filename} is a folder` };
      metadata = entry;
    }
    if (!metadata) return { ok: false, issue: 'no METADATA in a .dist-info folder' };
    return { ok: true, bytes: await unpack(metadata), paths };
  } catch (error) {
    if (failure) throw failure.cause;
    return { ok: false, issue: zipProblem(error) };
  }
}

type FileEntry = Extract<Awaited<ReturnType<ZipReader<unknown>['getEntries']>>[number], { directory: false }>;

/** zip.js stops at the size that the entry states. */
async function unpack(entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
  const { uncompressedSize, compressedSize } = entry;
  if (Math.max(uncompressedSize, compressedSize) > MOST_METADATA) {
    throw new Error(`${uncompressedSize} bytes, and more than ${MOST_METADATA} are not read`);
  }
  return entry.getData(new Uint8ArrayWriter(), { checkSignature: true });
}

class RangeReader extends Reader<null> {
  readonly #read: ReadRange;
  #reads = 0;

  constructor(size: number, read: ReadRange) {
    super(null);
    this.size = size;
    this.#read = read;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    if (length > MOST_BYTES_AT_ONCE) throw new Error(`a central directory of ${length} bytes`);
    if (++this.#reads > MOST_READS) throw new Error('a central directory that does not lead anywhere');
    const end = Math.min(offset + length, this.size);
    return offset < end ? this.#read(offset, end - offset) : new Uint8Array(0);
  }
}
