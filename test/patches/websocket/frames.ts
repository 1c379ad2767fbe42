/** Frames of WebSockets (RFC 6455, section 5), as a server reads and writes them. */

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;
const COMPRESSED = 0x40;

export interface Frame {
  /** Whether it ends its message. */
  final: boolean;
  opcode: number;
  /** Of the first frame of a message: whether it is compressed (RFC 7692). */
  compressed: boolean;
  payload: Buffer;
}

/** A server's frame, which is not masked. */
export function encodeFrame(opcode: number, payload: Uint8Array, final = true, compressed = false): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | (compressed ? COMPRESSED : 0) | opcode;
  if (size < 126) head[1] = size;
  else if (size < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(size, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  return Buffer.concat([head, payload]);
}

/** Assembles a client's frames from the pieces in which they arrive. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #reserved: number;

  /** @param deflate whether frames may be compressed */
  constructor(deflate: boolean) {
    this.#reserved = deflate ? 0x30 : 0x70;
  }

  /** @throws if a frame is not masked, or has bits of an extension that was not agreed on */
  push(bytes: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#take(); frame; frame = this.#take()) frames.push(frame);
    return frames;
  }

  #take(): Frame | undefined {
    const rest = this.#rest;
    if (rest.length < 2) return undefined;
    const [first, second] = [rest[0]!, rest[1]!];
    if (first & this.#reserved) throw new Error('a frame with reserved bits');
    if (!(second & 0x80)) throw new Error('a frame of a client without a mask');
    const short = second & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (rest.length < start + 4) return undefined;
    const size = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    const end = start + 4 + size;
    if (rest.length < end) return undefined;
    const mask = rest.subarray(start, start + 4);
    const payload = rest.subarray(start + 4, end).map((byte, index) => byte ^ mask[index & 3]!);
    this.#rest = rest.subarray(end);
    return {
      final: (first & 0x80) !== 0,
      opcode: first & 0x0f,
      compressed: (first & COMPRESSED) !== 0,
      payload: Buffer.from(payload),
    };
  }
}
