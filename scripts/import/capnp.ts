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
