/**
 * Reads Cap'n Proto objects in place, in the one-segment messages of a workerd binary.
 * Offsets are bytes into the binary. See https://capnproto.org/encoding.html for the layout.
 */

/** A struct: a data section of words, then a section of pointers. */
export class Struct {
  readonly #bytes: Buffer;
  readonly #offset: number;
  readonly #dataWords: number;
  readonly #pointerCount: number;

  constructor(bytes: Buffer, offset: number, dataWords: number, pointerCount: number) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#dataWords = dataWords;
    this.#pointerCount = pointerCount;
  }

  /** Fields that an older schema had not yet read as zero. */
  uint16(byte: number): number {
    return byte + 2 > this.#dataWords * 8 ? 0 : this.#bytes.readUInt16LE(this.#offset + byte);
  }

  uint64(byte: number): bigint {
    return byte + 8 > this.#dataWords * 8 ? 0n : this.#bytes.readBigUInt64LE(this.#offset + byte);
  }

  pointer(index: number): Pointed {
    if (index >= this.#pointerCount) return null;
    return follow(this.#bytes, this.#offset + (this.#dataWords + index) * 8);
  }

  struct(index: number): Struct | null {
    const value = this.pointer(index);
    if (value === null || value instanceof Struct) return value;
    throw new Error(`pointer ${index} is not a struct`);
  }

  structs(index: number): Struct[] {
    return this.list(index).map((item) => {
      if (item instanceof Struct) return item;
      throw new Error(`pointer ${index} is not a list of structs`);
    });
  }

  list(index: number): Pointed[] {
    const value = this.pointer(index);
    if (value === null || Array.isArray(value)) return value ?? [];
    throw new Error(`pointer ${index} is not a list`);
  }

  /** A text without its closing zero byte, or null if there is none. */
  text(index: number): string | null {
    return textOf(this.pointer(index));
  }
}

/** The target of a pointer: a struct, a list of structs or pointers, or bytes (a Text or Data). */
export type Pointed = Struct | Pointed[] | Buffer | null;

export function textOf(value: Pointed): string | null {
  if (value === null) return null;
  if (!Buffer.isBuffer(value)) throw new Error('not a text');
  return value.toString('utf8', 0, Math.max(0, value.length - 1));
}

/** Kinds of pointers, then of a list's elements. */
const STRUCT = 0;
export const LIST = 1;
export const BYTES = 2;
const POINTERS = 6;
const COMPOSITE = 7;

/** Follows the pointer at `offset`. */
export function follow(bytes: Buffer, offset: number): Pointed {
  const low = bytes.readInt32LE(offset);
  const high = bytes.readUInt32LE(offset + 4);
  if (low === 0 && high === 0) return null;
  const target = offset + 8 + (low >> 2) * 8;
  const kind = low & 3;
  if (kind === STRUCT) return new Struct(bytes, target, high & 0xffff, high >>> 16);
  if (kind !== LIST) throw new Error(`the pointer at ${offset} leads out of its message`);
  const length = high >>> 3;
  switch (high & 7) {
    case BYTES:
      return bytes.subarray(target, target + length);
    case POINTERS:
      return Array.from({ length }, (_, index) => follow(bytes, target + index * 8));
    case COMPOSITE: {
      // The first word of the list is shaped like a struct pointer: its offset is the number of elements.
      const count = bytes.readInt32LE(target) >> 2;
      const size = bytes.readUInt32LE(target + 4);
      const [dataWords, pointerCount] = [size & 0xffff, size >>> 16];
      const step = (dataWords + pointerCount) * 8;
      return Array.from(
        { length: count },
        (_, index) => new Struct(bytes, target + 8 + index * step, dataWords, pointerCount),
      );
    }
    default:
      throw new Error(`the list at ${offset} has elements of a kind that schemas do not use`);
  }
}

/** The largest distance in bytes from a node's root pointer to its display name. */
const REACH = 64 * 8;

const NODE_KIND_BYTE = 12;
const CONST_NODE = 4;

/** The node whose display name ends in `name`, such as `compatibility-date.capnp:CompatibilityFlags`. */
export function findNode(binary: Buffer, name: string): Struct | undefined {
  const needle = Buffer.from(`${name}\0`);
  for (let hit = binary.indexOf(needle); hit >= 0; hit = binary.indexOf(needle, hit + 1)) {
    const end = hit + needle.length;
    for (let word = hit - (hit % 8); word >= Math.max(0, hit - REACH); word -= 8) {
      const root = rootAt(binary, word);
      const text = root?.pointer(0);
      if (Buffer.isBuffer(text) && text.byteOffset + text.length === binary.byteOffset + end) return root;
    }
  }
  return undefined;
}

/** The struct at `offset`, if the pointer there has the form of a schema node's and its first field is a name. */
function rootAt(binary: Buffer, offset: number): Struct | undefined {
  if (binary.readUInt32LE(offset) !== 0) return undefined;
  const [dataWords, pointerCount] = [binary.readUInt16LE(offset + 4), binary.readUInt16LE(offset + 6)];
  if (dataWords < 5 || dataWords > 6 || pointerCount < 5 || pointerCount > 7) return undefined;
  const name = offset + 8 + dataWords * 8;
  if ((binary.readUInt32LE(name) & 3) !== LIST || (binary.readUInt32LE(name + 4) & 7) !== BYTES)
    return undefined;
  const root = follow(binary, offset);
  return root instanceof Struct ? root : undefined;
}

/** The fields of a struct node. */
export function fieldsOf(node: Struct): { name: string; ordinal: number; annotations: Annotation[] }[] {
  return node.structs(3).map((field) => ({
    name: field.text(0) ?? '',
    ordinal: field.uint16(12),
    annotations: field.structs(1).map((annotation) => ({
      id: annotation.uint64(0),
      value: annotation.struct(0)?.pointer(0) ?? null,
    })),
  }));
}

/** An annotation's schema id, and its value if that is a text, a struct or a list. */
export interface Annotation {
  id: bigint;
  value: Pointed;
}

/** The value of a constant, or undefined if the binary has no such constant. */
export function findConstant(binary: Buffer, name: string): Struct | undefined {
  const node = findNode(binary, name);
  if (!node) return undefined;
  const value = node.uint16(NODE_KIND_BYTE) === CONST_NODE ? node.struct(4) : null;
  if (!value) throw new Error(`${name} is not a constant`);
  return value;
}
