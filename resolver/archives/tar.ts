/**
 * Reads tar archives as they stream in: POSIX ustar and pax, and GNU's long names. Strict: what cannot be read
 * in one way only is refused, not guessed.
 */
import { ByteReader } from './byte-reader.ts';

// What every host has, and all that is used of it here.
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: true; ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

export interface TarEntry {
  /** As the archive has it: not checked in any way. */
  name: string;
  type: 'file' | 'directory' | 'link' | 'other';
  /** In bytes; only files have any. */
  size: number;
  /** The content, once, and before the next entry is asked for; what is not read is skipped. */
  content(): AsyncIterable<Uint8Array>;
}

/** Thrown for an archive that is damaged, cut off, or beyond what is read here. */
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

/** What entries before a file say of it. */
interface Attributes {
  path?: string;
  size?: number;
}

/** The entries of an archive, to its very end. Throws a {@link TarError}, or what reading `chunks` throws. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const bytes = new ByteReader(chunks);
  let attributes: Attributes = {};
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header.length === 0) throw new TarError('cut off: the archive has no end');
    if (header.length < BLOCK) throw new TarError('cut off in the middle of a header');
    if (header.every((byte) => byte === 0)) break;
    const letter = readHeader(header);
    const stated = numberIn(header, 124, 12);
    if (letter === 'x' || letter === 'L') {
      const content = await takeAttributes(bytes, stated);
      attributes = { ...attributes, ...(letter === 'x' ? parsePax(content) : { path: untilNul(content) }) };
      continue;
    }
    // Of all files alike, and of links' targets: neither matters here.
    if (letter === 'g' || letter === 'K') {
      await takeAttributes(bytes, stated);
      continue;
    }
    const name = attributes.path ?? nameIn(header);
    const type = TYPES[letter] ?? 'other';
    const kind = type === 'file' && name.endsWith('/') ? 'directory' : type;
    const size = attributes.size ?? stated;
    // Tools disagree about whether content follows then.
    if (kind !== 'file' && size > 0) throw new TarError(`${name} is not a file, and has a size`);
    attributes = {};
    yield* entry(bytes, { name, type: kind, size });
  }
  for await (const piece of bytes.pieces(Number.MAX_SAFE_INTEGER)) {
    if (piece.some((byte) => byte !== 0))
      throw new TarError('there is something after the end of the archive');
  }
}

/** One entry, and what lies between it and the next. */
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

/** The letter of an entry's type, of a header whose checksum holds. */
function readHeader(header: Uint8Array): string {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (numberIn(header, 148, 8) !== sum) throw new TarError('damaged tar header: its checksum is wrong');
  return String.fromCharCode(header[156]!);
}

/** Octal digits, or for large numbers a binary one behind a set first bit. */
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

/** The `prefix` and `name` fields; GNU uses the place of the prefix for something else. */
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
    // No digits are no length: a record of none would be read for ever.
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
    // GNU's way to leave out holes: what is in the archive is then not the file.
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
