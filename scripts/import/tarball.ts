/** Reads one file out of an npm tarball as it is unzipped, so that nothing else is ever kept. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const BLOCK = 512;

/**
 * The bytes of `path` (such as `package/bin/workerd`) in a `.tgz`.
 * @throws when the archive is damaged or has no such file
 */
export async function readFromTarball(tarball: string, path: string): Promise<Buffer> {
  let found: Buffer | undefined;
  await pipeline(createReadStream(tarball), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    const blocks = new Blocks(chunks);
    for (let header = await blocks.take(BLOCK); header; header = await blocks.take(BLOCK)) {
      if (header[0] === 0) continue;
      const size = parseSize(header);
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      if (nameOf(header) === path) found = (await blocks.take(padded))?.subarray(0, size);
      else await blocks.skip(padded);
    }
  });
  if (!found) throw new Error(`${tarball} has no complete ${path}`);
  return found;
}

/** The `prefix` and `name` fields of a ustar header. */
function nameOf(header: Buffer): string {
  const text = (start: number, length: number): string => {
    const field = header.toString('utf8', start, start + length);
    const end = field.indexOf('\0');
    return end < 0 ? field : field.slice(0, end);
  };
  const prefix = text(345, 155);
  return prefix ? `${prefix}/${text(0, 100)}` : text(0, 100);
}

function parseSize(header: Buffer): number {
  const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
  if (!Number.isSafeInteger(size)) throw new Error('damaged tar header: it states no size');
  return size;
}

/** A stream of chunks, taken by length. */
class Blocks {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or undefined where the stream ends before them. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    const taken = await this.#advance(length, (part) => parts.push(part));
    return taken === length ? Buffer.concat(parts, length) : undefined;
  }

  async skip(length: number): Promise<void> {
    await this.#advance(length, () => {});
  }

  async #advance(length: number, use: (part: Buffer) => void): Promise<number> {
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) break;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, missing);
      use(part);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
    }
    return length - missing;
  }
}
