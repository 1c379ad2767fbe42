/**
 * Binaries for memory that is restored: without their data, which the snapshot has, and without the code that prepares
 * it as they are loaded. They are smaller, and loaded sooner.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */

/** The file beside a binary that has it for restored memory. */
export const restoredFileOf = (file: string): string => `${file}.restored`;

const HEADER = 8;
const IMPORTS = 2;
const EXPORTS = 7;
const CODE = 10;
const DATA = 11;

/** Kinds of imports; others are globals and tags. */
const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;

const PASSIVE_SEGMENT = 1;
const WITH_MEMORY = 2;
const END = 0x0b;
/** i32.const, i64.const and global.get, each with a number. */
const WITH_NUMBER = [0x41, 0x42, 0x23];
/** No local variables, and no instructions. */
const EMPTY_BODY = Buffer.from([2, 0, END]);

/** Exports that Emscripten's glue calls: to put addresses into the data, and then to make objects of C++. */
const RELOCATES = '__wasm_apply_data_relocs';
const CONSTRUCTS = '__wasm_call_ctors';
/** Code in JavaScript, which the glue reads from the data of a library as it is loaded. */
const HAS_JAVASCRIPT = /^__(?:start_em_asm|em_js__)/;

/** Pyodide's own binary. Its constructors also make objects of JavaScript, so they run. */
export function restoredPyodide(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return restored(binary, [RELOCATES]);
}

export function restoredLibrary(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return restored(binary, [RELOCATES, CONSTRUCTS]);
}

/** @param emptied the functions that do nothing */
function restored(binary: Buffer<ArrayBuffer>, emptied: readonly string[]): Buffer<ArrayBuffer> {
  let imported = 0;
  let bodies = new Set<number>();
  const reader = new Reader(binary);
  const parts = [reader.bytes(HEADER)];
  while (reader.at < binary.length) {
    const section = reader.byte();
    let content = reader.bytes(reader.number());
    if (section === IMPORTS) imported = countFunctions(content);
    if (section === EXPORTS) {
      const exported = readExports(content);
      if ([...exported.keys()].some((name) => HAS_JAVASCRIPT.test(name))) return binary;
      const functions = emptied.flatMap((name) => exported.get(name) ?? []);
      bodies = new Set(functions.map((index) => index - imported));
    }
    if (section === CODE) content = emptyBodies(content, bodies);
    if (section === DATA) content = emptySegments(content);
    parts.push(Buffer.from([section]), numberBytes(content.length), content);
  }
  return Buffer.concat(parts);
}

function countFunctions(imports: Uint8Array): number {
  const reader = new Reader(imports);
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    for (const _name of ['module', 'field']) reader.bytes(reader.number());
    const kind = reader.byte();
    if (kind === FUNCTION) functions++;
    else if (kind !== MEMORY) reader.byte();
    const typeOrFlags = reader.number();
    if (kind !== TABLE && kind !== MEMORY) continue;
    const hasMaximum = (typeOrFlags & 1) === 1;
    reader.number();
    if (hasMaximum) reader.number();
  }
  return functions;
}

/** Indexes by name; each kind has its own. */
function readExports(exports: Uint8Array): Map<string, number> {
  const reader = new Reader(exports);
  const exported = new Map<string, number>();
  for (let left = reader.number(); left > 0; left--) {
    const name = Buffer.from(reader.bytes(reader.number())).toString();
    reader.byte();
    exported.set(name, reader.number());
  }
  return exported;
}

function emptyBodies(code: Uint8Array, emptied: ReadonlySet<number>): Uint8Array {
  if (emptied.size === 0) return code;
  const reader = new Reader(code);
  const parts: Uint8Array[] = [];
  let kept = 0;
  const count = reader.number();
  for (let index = 0; index < count; index++) {
    const start = reader.at;
    reader.bytes(reader.number());
    if (!emptied.has(index)) continue;
    parts.push(code.subarray(kept, start), EMPTY_BODY);
    kept = reader.at;
  }
  return Buffer.concat([...parts, code.subarray(kept)]);
}

/** Passive segments stay: code copies them when it runs. */
function emptySegments(data: Uint8Array): Buffer {
  const reader = new Reader(data);
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (let left = reader.number(); left > 0; left--) {
    const flags = reader.number();
    if (flags === WITH_MEMORY) reader.number();
    if (flags !== PASSIVE_SEGMENT) skipExpression(reader);
    const start = reader.at;
    reader.bytes(reader.number());
    if (flags === PASSIVE_SEGMENT) continue;
    parts.push(data.subarray(kept, start), numberBytes(0));
    kept = reader.at;
  }
  return Buffer.concat([...parts, data.subarray(kept)]);
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
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}
