/**
 * Binaries for memory that is restored: without their data, which the snapshot has, and without what libraries do to
 * memory as they are loaded, which would be overwritten. They are smaller, and sooner loaded.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */

const HEADER = 8;
const EXPORTS = 7;
const DATA = 11;

const PASSIVE_SEGMENT = 1;
const WITH_MEMORY = 2;
const END = 0x0b;
/** i32.const, i64.const and global.get, each with a number. */
const WITH_NUMBER = [0x41, 0x42, 0x23];

/** What Emscripten's glue calls if a library exports it: to put addresses into its data, and to make its C++ objects. */
const PREPARES_MEMORY = ['__wasm_apply_data_relocs', '__wasm_call_ctors'];
/** Code in JavaScript, which the glue reads from the data of a library as it is loaded. */
const HAS_JAVASCRIPT = /^__(?:start_em_asm|em_js__)/;

/** Pyodide's binary: the glue takes it for granted that it can prepare its memory. */
export function restoredPyodide(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return rewrite(binary, (section, content) => (section === DATA ? emptySegments(content) : null));
}

export function restoredLibrary(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let hasJavaScript = false;
  const restored = rewrite(binary, (section, content) => {
    if (section === DATA) return emptySegments(content);
    if (section !== EXPORTS) return null;
    const exported = readExports(content);
    hasJavaScript = exported.some(({ name }) => HAS_JAVASCRIPT.test(name));
    const kept = exported.filter(({ name }) => !PREPARES_MEMORY.includes(name)).map(({ bytes }) => bytes);
    return Buffer.concat([numberBytes(kept.length), ...kept]);
  });
  return hasJavaScript ? binary : restored;
}

/** @param change returns the new content of a section, or null to keep it */
function rewrite(
  binary: Uint8Array,
  change: (section: number, content: Uint8Array) => Uint8Array | null,
): Buffer<ArrayBuffer> {
  const reader = new Reader(binary);
  const parts = [reader.bytes(HEADER)];
  while (reader.at < binary.length) {
    const section = reader.byte();
    const content = reader.bytes(reader.number());
    const changed = change(section, content) ?? content;
    parts.push(Buffer.from([section]), numberBytes(changed.length), changed);
  }
  return Buffer.concat(parts);
}

function readExports(content: Uint8Array): { name: string; bytes: Uint8Array }[] {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => {
    const start = reader.at;
    const name = Buffer.from(reader.bytes(reader.number())).toString();
    reader.byte();
    reader.number();
    return { name, bytes: content.subarray(start, reader.at) };
  });
}

/** Segments without data, but for passive ones, which code copies when it runs. */
function emptySegments(content: Uint8Array): Uint8Array {
  const reader = new Reader(content);
  const segments = Array.from({ length: reader.number() }, () => {
    const start = reader.at;
    const flags = reader.number();
    if (flags === WITH_MEMORY) reader.number();
    if (flags !== PASSIVE_SEGMENT) skipExpression(reader);
    const head = content.subarray(start, reader.at);
    reader.bytes(reader.number());
    return flags === PASSIVE_SEGMENT
      ? content.subarray(start, reader.at)
      : Buffer.concat([head, numberBytes(0)]);
  });
  return Buffer.concat([numberBytes(segments.length), ...segments]);
}

function skipExpression(reader: Reader): void {
  for (let code = reader.byte(); code !== END; code = reader.byte()) {
    if (WITH_NUMBER.includes(code)) reader.number();
  }
}

/** Reads bytes, and numbers in LEB128. */
class Reader {
  readonly #binary: Uint8Array;
  at = 0;

  constructor(binary: Uint8Array) {
    this.#binary = binary;
  }

  byte(): number {
    return this.#binary[this.at++]!;
  }

  bytes(count: number): Uint8Array {
    this.at += count;
    return this.#binary.subarray(this.at - count, this.at);
  }

  number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  }
}

function numberBytes(value: number): Buffer {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
