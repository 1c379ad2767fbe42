/** Reads tar archives from a stream: POSIX ustar and pax, GNU's long names. Ambiguous archives are rejected. */

export interface TarEntry {
  /** The name in the archive, unchecked. */
  name: string;
  type: 'file' | 'directory' | 'link' | 'other';
  /** In bytes; only files have any. */
  size: number;
  /** The content. Can be read once, before the next entry is requested; the rest is skipped. */
  content(): AsyncIterable<Uint8Array>;
}

/** Thrown for an archive that is damaged, truncated or unsupported. */
export class TarError extends Error {}

const BLOCK = 512;
/** The longest name or list of attributes; the names of real archives have some hundred bytes. */
const MOST_ATTRIBUTES = 65_536;

const TYPES: Record<string, TarEntry['type']> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'link',
  '5': 'directory',
};

interface Attributes {
  path?: string;
  size?: number;
}

/** The entries of an archive, up to its end. Throws a {@link TarError}, or what reading `chunks` throws. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const bytes = new ByteReader(chunks);
  let attributes: Attributes = {};
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header.length === 0) throw new TarError('cut off: the archive has no end');
    if (header.length < BLOCK) throw new TarError('cut off in the middle of a header');
    if (isZero(header)) break;
    const letter = readHeader(header);
    const stated = numberIn(header, 124, 12);
    if (letter === 'x' || letter === 'L') {
      const content = await takeAttributes(bytes, stated);
      attributes = { ...attributes, ...(letter === 'x' ? parsePax(content) : { path: untilNul(content) }) };
      continue;
    }
    // Global attributes, and targets of links: neither matters here.
    if (letter === 'g' || letter === 'K') {
      await takeAttributes(bytes, stated);
      continue;
    }
    const name = attributes.path ?? nameIn(header);
    const type = TYPES[letter] ?? 'other';
    const kind = type === 'file' && name.endsWith('/') ? 'directory' : type;
    const size = attributes.size ?? stated;
    // Tools disagree about whether content follows.
    if (kind !== 'file' && size > 0) throw new TarError(`${name} is not a file, and has a size`);
    attributes = {};
    yield* entry(bytes, { name, type: kind, size });
  }
  for await (const piece of bytes.pieces(Number.MAX_SAFE_INTEGER)) {
    if (!isZero(piece)) throw new TarError('there is something after the end of the archive');
  }
}

/** A loop, because a call for each byte takes ten times as long. */
function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}

async function* entry(
  bytes: ByteReader,
  { name, type, size }: Omit<TarEntry, 'content'>,
): AsyncGenerator<TarEntry, void, undefined> {
  let left = size;
  async function* content() {
    for await (const piece of bytes.pieces(left)) {
      left -= piece.length;
      yield piece;
    }
    if (left > 0) throw new TarError(`cut off in the middle of ${name}`);
  }
  yield { name, type, size, content };
  for await (const _ of content());
  const padding = (BLOCK - (size % BLOCK)) % BLOCK;
  if ((await bytes.take(padding)).length < padding) throw new TarError(`cut off after ${name}`);
}

function readHeader(header: Uint8Array): string {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (numberIn(header, 148, 8) !== sum) throw new TarError('damaged tar header: its checksum is wrong');
  return String.fromCharCode(header[156]!);
}

/** Octal digits; or, if the first bit is set, a binary number. */
function numberIn(header: Uint8Array, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  let number = 0;
  if (field[0]! & 0x80) {
    number = field.reduce((total, byte, at) => total * 256 + (at === 0 ? byte & 0x7f : byte), 0);
  } else {
    const digits = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...field))?.[1];
    number = Number.parseInt(digits ?? '', 8);
  }
  if (!Number.isSafeInteger(number)) throw new TarError('damaged tar header: a number cannot be read');
  return number;
}

/** The `prefix` and `name` fields. GNU uses the prefix field for something else. */
function nameIn(header: Uint8Array): string {
  const posix = String.fromCharCode(...header.subarray(257, 263)) === 'ustar\0';
  const prefix = posix ? untilNul(header.subarray(345, 500)) : '';
  const name = untilNul(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

async function takeAttributes(bytes: ByteReader, size: number): Promise<Uint8Array> {
  if (size > MOST_ATTRIBUTES) throw new TarError(`attributes of ${size} bytes`);
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  const content = await bytes.take(padded);
  if (content.length < padded) throw new TarError('cut off in the middle of attributes');
  return content.subarray(0, size);
}

/** Records as in `25 path=some/long/name.py\n`, each with its own length in front. */
function parsePax(content: Uint8Array): Attributes {
  const attributes: Attributes = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const digits = text(content.subarray(at, Math.max(at, space)));
    // A record without digits has no length, and would be read forever.
    const length = /^\d{1,6}$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    if (length === 0 || length <= space - at + 1 || end > content.length || content[end - 1] !== 0x0a) {
      throw new TarError('damaged pax attributes');
    }
    const record = text(content.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    const value = record.slice(equals + 1);
    if (record.startsWith('path=')) attributes.path = value;
    if (record.startsWith('size=')) attributes.size = sizeOf(value);
    // In GNU's sparse files, the content in the archive is not that of the file.
    if (record.startsWith('GNU.sparse.')) throw new TarError('a sparse file');
    at = end;
  }
  return attributes;
}

function sizeOf(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new TarError('damaged pax attributes: a size cannot be read');
  return Number(value);
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return text(end < 0 ? bytes : bytes.subarray(0, end));
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TarError('a name that is not UTF-8');
  }
}

/** Reads a stream of chunks by length. Keeps at most one chunk, and the bytes that are being read. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer if the stream ends before them. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let at = 0;
    for await (const piece of this.pieces(length)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return at === length ? bytes : bytes.subarray(0, at);
  }

  async *pieces(length: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let missing = length; missing > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) return;
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }
}
