/** The server's end of one WebSocket: whole messages, pings, and the closing handshake. */
import type { Duplex } from 'node:stream';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  encodeFrame,
  type Frame,
  FrameReader,
  PING,
  PONG,
  TEXT,
} from './frames.ts';

export interface Listener {
  message?(data: string | Buffer): void;
  pong?(payload: string): void;
}

export class Peer {
  /** For routes that do not respond, or respond with other bytes. */
  readonly socket: Duplex;
  /** How it ended: `1000 with a reason`, a bare `1005`, or `broken off` without the client's close frame. */
  readonly ended: Promise<string>;
  listener: Listener = {};
  readonly #deflate: boolean;
  #closing = false;
  #message: Frame[] = [];

  /** @param deflate whether messages are compressed, each by itself */
  constructor(socket: Duplex, head: Buffer, deflate: boolean) {
    this.socket = socket;
    this.#deflate = deflate;
    const reader = new FrameReader(deflate);
    this.ended = new Promise((resolve) => {
      const read = (bytes: Buffer) => {
        try {
          for (const frame of reader.push(bytes)) {
            if (frame.opcode === CLOSE) resolve(readClose(frame.payload));
            this.#take(frame);
          }
        } catch (error) {
          resolve((error as Error).message);
          socket.destroy();
        }
      };
      socket.on('data', read);
      socket.on('error', () => {});
      socket.on('close', () => resolve('broken off'));
      if (head.length > 0) read(head);
    });
  }

  send(data: string | Uint8Array): void {
    const text = typeof data === 'string';
    const bytes = text ? Buffer.from(data) : data;
    const payload = this.#deflate ? deflate(bytes) : bytes;
    this.socket.write(encodeFrame(text ? TEXT : BINARY, payload, true, this.#deflate));
  }

  ping(payload: string): void {
    this.socket.write(encodeFrame(PING, Buffer.from(payload)));
  }

  /** Starts the closing handshake; without a code, with an empty frame. */
  close(code?: number, reason = ''): void {
    if (this.#closing) return;
    this.#closing = true;
    this.socket.write(encodeFrame(CLOSE, code === undefined ? Buffer.alloc(0) : closePayload(code, reason)));
  }

  #take(frame: Frame): void {
    switch (frame.opcode) {
      case TEXT:
      case BINARY:
      case CONTINUATION:
        this.#message.push(frame);
        if (frame.final) this.#finish();
        return;
      case PING:
        this.socket.write(encodeFrame(PONG, frame.payload));
        return;
      case PONG:
        this.listener.pong?.(frame.payload.toString());
        return;
      case CLOSE:
        // The server returns the same frame, and closes the connection first.
        if (!this.#closing) this.socket.write(encodeFrame(CLOSE, frame.payload));
        this.#closing = true;
        this.socket.end();
        return;
      default:
        throw new Error(`a frame of the unknown kind ${frame.opcode}`);
    }
  }

  #finish(): void {
    const [first] = this.#message;
    const received = Buffer.concat(this.#message.map((frame) => frame.payload));
    const payload = first!.compressed ? inflate(received) : received;
    this.#message = [];
    const text = first!.opcode === TEXT;
    this.listener.message?.(text ? new TextDecoder('utf-8', { fatal: true }).decode(payload) : payload);
  }
}

/** The end of every compressed message, which is not sent. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

function deflate(bytes: Uint8Array): Buffer {
  return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -TAIL.length);
}

function inflate(bytes: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([bytes, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH });
}

function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

function readClose(payload: Buffer): string {
  return payload.length < 2 ? '1005' : `${payload.readUInt16BE()} ${payload.subarray(2)}`.trimEnd();
}
