/**
 * Binaries without what a Worker does not use, so that they are smaller and loaded sooner: those for memory that is
 * restored have no data, which the snapshot has, and no code that prepares it as they are loaded.
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
/** @see https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling */
const IS_CXX = /^_Z/;

/** Pyodide's own binary. Its constructors also make objects of JavaScript, so they run. */
export function restoredPyodide(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return restored(binary, [RELOCATES]);
}

export function restoredLibrary(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return restored(binary, [RELOCATES, CONSTRUCTS]);
}

/**
 * Pyodide's binary, its exports of C++ only those that it or a library imports. Nothing else asks for one by its name:
 * `ctypes` and the glue ask for names of C.
 */
export function withoutUnusedExports(binary: Buffer, libraryImports: readonly string[]): Buffer<ArrayBuffer> {
  const used = new Set(libraryImports);
  return rewritten(binary, (section, content) => {
    if (section === IMPORTS) for (const name of readImports(content).names) used.add(name);
    if (section !== EXPORTS) return content;
    const exported = readExports(content).filter(({ name }) => !IS_CXX.test(name) || used.has(name));
    return Buffer.concat([numberBytes(exported.length), ...exported.map(({ bytes }) => bytes)]);
  });
}

/** The names of C++ that a library imports, wherever it gets them from. */
export function importsOfCxx(library: Buffer<ArrayBuffer>): string[] {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(library));
  return imports.map(({ name }) => name).filter((name) => IS_CXX.test(name));
}

/** @param emptied the functions that do nothing */
function restored(binary: Buffer<ArrayBuffer>, emptied: readonly string[]): Buffer<ArrayBuffer> {
  let imported = 0;
  let bodies = new Set<number>();
  let hasJavascript = false;
  const made = rewritten(binary, (section, content) => {
    if (section === IMPORTS) imported = readImports(content).functions;
    if (section === EXPORTS) {
      const exported = readExports(content);
      hasJavascript = exported.some(({ name }) => HAS_JAVASCRIPT.test(name));
      const functions = exported.filter(({ name }) => emptied.includes(name));
      bodies = new Set(functions.map(({ index }) => index - imported));
    }
    if (section === CODE) return emptyBodies(content, bodies);
    return section === DATA ? emptySegments(content) : content;
  });
  return hasJavascript ? binary : made;
}

function rewritten(
  binary: Buffer,
  rewrite: (section: number, content: Uint8Array) => Uint8Array,
): Buffer<ArrayBuffer> {
  const reader = new Reader(binary);
  const parts = [reader.bytes(HEADER)];
  while (reader.at < binary.length) {
    const section = reader.byte();
    const content = rewrite(section, reader.bytes(reader.number()));
    parts.push(Buffer.from([section]), numberBytes(content.length), content);
  }
  return Buffer.concat(parts);
}

/** The names of all imports, and how many of them are functions. */
function readImports(imports: Uint8Array): { names: string[]; functions: number } {
  const reader = new Reader(imports);
  const names: string[] = [];
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    names.push(reader.text());
    const kind = reader.byte();
    if (kind === FUNCTION) functions++;
    else if (kind !== MEMORY) reader.byte();
    const typeOrFlags = reader.number();
    if (kind !== TABLE && kind !== MEMORY) continue;
    const hasMaximum = (typeOrFlags & 1) === 1;
    reader.number();
    if (hasMaximum) reader.number();
  }
  return { names, functions };
}

interface Export {
  name: string;
  /** Each kind has its own. */
  index: number;
  bytes: Uint8Array;
}

function readExports(exports: Uint8Array): Export[] {
  const reader = new Reader(exports);
  return Array.from({ length: reader.number() }, () => {
    const start = reader.at;
    const name = reader.text();
    reader.byte();
    return { name, index: reader.number(), bytes: exports.subarray(start, reader.at) };
  });
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

  text(): string {
    return Buffer.from(this.bytes(this.number())).toString();
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
