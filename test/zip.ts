/** Zips made by hand, also such as no honest tool makes. */
import { PINWHEEL_STATEMENT } from './test-set.ts';

export interface ZipEntry {
  name: string;
  /** As it lies in the zip: packed where `method` says so. */
  data: Uint8Array;
  /** 0 (stored) by default, 8 for deflate. */
  method?: number;
  flags?: number;
  /** By default those of `data`. */
  crc?: number;
  size?: number;
  /** The kind and rights of a file, as Unix has them. */
  unixMode?: number;
  /** Where the central directory says that it begins. */
  offset?: number;
  /** What the local header says otherwise than the central directory. */
  local?: Partial<Pick<ZipEntry, 'name' | 'method' | 'flags' | 'crc' | 'size'>>;
}

export interface ZipTricks {
  before?: Uint8Array;
  after?: Uint8Array;
  comment?: Uint8Array;
  /** How many entries the end record claims, and of how many bytes their directory is. */
  count?: number;
  directorySize?: number;
}

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(encoder.encode(text));

export function makeZip(entries: readonly ZipEntry[], tricks: ZipTricks = {}): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    length += part.length;
  };
  if (tricks.before) add(tricks.before);
  const offsets = entries.map((entry) => {
    const offset = length;
    const local = { ...entry, ...entry.local };
    add(header(0x04034b50, commonFields(local, entry.data.length), local.name));
    add(entry.data);
    return offset - (tricks.before?.length ?? 0);
  });
  const start = length;
  entries.forEach((entry, at) => {
    const trailing: Field[] = [
      [2, 0],
      [2, 0],
      [2, 0],
      [4, ((entry.unixMode ?? 0) << 16) >>> 0],
      [4, entry.offset ?? offsets[at]!],
    ];
    add(
      header(
        0x02014b50,
        [[2, entry.unixMode ? 0x0314 : 20], ...commonFields(entry, entry.data.length), ...trailing],
        entry.name,
      ),
    );
  });
  const comment = tricks.comment ?? new Uint8Array(0);
  const count = tricks.count ?? entries.length;
  const size = tricks.directorySize ?? length - start;
  add(
    fields([
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, Math.min(count, 0xffff)],
      [2, Math.min(count, 0xffff)],
      [4, size],
      [4, start - (tricks.before?.length ?? 0)],
      [2, comment.length],
    ]),
  );
  add(comment);
  if (tricks.after) add(tricks.after);
  return concat(parts, length);
}

type Files = Record<string, Uint8Array | string>;

/** A zip of files by their paths. */
export function zipOf(files: Files): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files);
  return makeZip(
    entries.map(([name, data]) => ({ name, data: typeof data === 'string' ? utf8(data) : data })),
  );
}

/** A wheel of these files, whose RECORD has no hashes. */
export function wheelOf(
  name: string,
  version: string,
  files: Files,
  { metadata = metadataOf(name, version), tag = 'py3-none-any' }: Pick<SoundWheel, 'metadata' | 'tag'> = {},
): Uint8Array<ArrayBuffer> {
  const info = `${name}-${version}.dist-info`;
  const all = { ...files, [`${info}/METADATA`]: metadata, [`${info}/WHEEL`]: tagged(tag) };
  const record = [...Object.keys(all), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  return zipOf({ ...all, [`${info}/RECORD`]: record });
}

const tagged = (tag: string) => `Wheel-Version: 1.0\nRoot-Is-Purelib: ${tag.endsWith('-any')}\nTag: ${tag}\n`;

/** A wheel as tools make them, but for its content. */
export function makeWheel(name: string, version: string, payload: Uint8Array | string = name) {
  return wheelOf(name, version, { [`${name}/data.bin`]: payload });
}

/** A wheel that nothing is wrong with: its RECORD has the hashes of all its files. */
export async function makeSoundWheel(
  name: string,
  version: string,
  { metadata = metadataOf(name, version), tag = 'py3-none-any', more = {} }: SoundWheel = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const info = `${name}-${version}.dist-info`;
  const files: Record<string, Uint8Array> = {
    [`${name}/data.bin`]: utf8(name),
    ...(version.includes('+pinwheel.') && {
      [`${info}/PINWHEEL.json`]: utf8(JSON.stringify(PINWHEEL_STATEMENT)),
    }),
    ...more,
    [`${info}/METADATA`]: typeof metadata === 'string' ? utf8(metadata) : metadata,
    [`${info}/WHEEL`]: utf8(tagged(tag)),
  };
  const lines: string[] = [];
  for (const [path, data] of Object.entries(files)) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>));
    const base64 = btoa(String.fromCharCode(...hash));
    const digest = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    lines.push(`${path},sha256=${digest},${data.length}\n`);
  }
  return zipOf({ ...files, [`${info}/RECORD`]: `${lines.join('')}${info}/RECORD,,\n` });
}

export interface SoundWheel {
  metadata?: string | Uint8Array;
  tag?: string;
  /** Further files, by path. */
  more?: Record<string, Uint8Array>;
}

export function metadataOf(name: string, version: string): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
}

export async function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Response(bytes as Uint8Array<ArrayBuffer>).body!.pipeThrough(
    new CompressionStream('deflate-raw'),
  );
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

type Field = [width: 2 | 4, value: number];

function commonFields(entry: Omit<ZipEntry, 'local'>, packed: number): Field[] {
  const { name, data, method = 0, flags = 0, crc = crc32(data), size = data.length } = entry;
  return [
    [2, 20],
    [2, flags],
    [2, method],
    [2, 0],
    [2, 0x5821],
    [4, crc],
    [4, packed],
    [4, size],
    [2, utf8(name).length],
    [2, 0],
  ];
}

function header(signature: number, rest: Field[], name: string): Uint8Array {
  const head = fields([[4, signature], ...rest]);
  const tail = utf8(name);
  return concat([head, tail], head.length + tail.length);
}

function fields(list: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(list.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of list) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC_TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
