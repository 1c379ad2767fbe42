/**
 * Finds schema nodes in a binary that was compiled with Cap'n Proto. Each is embedded as a separate message with the
 * fields of a struct and their annotations, or the value of a constant.
 */
import { BYTES, follow, LIST, type Pointed, Struct } from './capnp.ts';

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

/** The value of a constant that is a list of structs, or undefined if the binary has no such constant. */
export function findConstantStructs(binary: Buffer, name: string): Struct[] | undefined {
  return findConstant(binary, name)?.structs(0);
}

/** The value of a constant that is a text, or undefined if the binary has no such constant. */
export function findConstantText(binary: Buffer, name: string): string | undefined {
  return findConstant(binary, name)?.text(0) ?? undefined;
}

function findConstant(binary: Buffer, name: string): Struct | undefined {
  const node = findNode(binary, name);
  if (!node) return undefined;
  const value = node.uint16(NODE_KIND_BYTE) === CONST_NODE ? node.struct(4) : null;
  if (!value) throw new Error(`${name} is not a constant`);
  return value;
}
