/**
 * What the test server does with a WebSocket, by the path after `/ws/`. With `?key=KEY`, `/arrived/KEY` waits for the
 * handshake, and `/ended/KEY` for the end: the client's close code and reason, or `broken off`.
 */

import type { Gates } from '../gates.ts';
import type { Arrival } from '../server.ts';
import { BINARY, CONTINUATION, encodeFrame, TEXT } from './frames.ts';
import type { Peer } from './peer.ts';

interface Opened {
  peer: Peer;
  arrival: Arrival;
  url: URL;
  gates: Gates;
}

export const routes: Record<string, (opened: Opened, parts: string[]) => void | Promise<void>> = {
  /** Sends every message back with its type. */
  echo({ peer }) {
    peer.listener = { message: (data) => peer.send(data) };
  },

  /** The request of the handshake, as JSON. */
  headers({ peer, arrival }) {
    peer.send(JSON.stringify({ url: arrival.url, headers: arrival.headers }));
  },

  /** `/ws/close/4001/a%20reason` closes at once, `/ws/close` with an empty frame. */
  close({ peer }, [code, reason]) {
    peer.close(code === undefined ? undefined : Number(code), reason);
  },

  /**
   * `/ws/count/3` sends `message 0` to `message 2`, then closes with 1000. With a key, each waits for `/open/KEY-N`.
   */
  async count({ peer, url, gates }, [count = '3']) {
    const key = url.searchParams.get('key');
    for (let index = 0; index < Number(count); index++) {
      if (key) await gates.wait(`${key}-${index}`);
      peer.send(`message ${index}`);
    }
    peer.close(1000, 'done');
  },

  /** That many bytes in one message. */
  large({ peer }, [size = '0']) {
    peer.send(Buffer.alloc(Number(size), 'x'));
  },

  /** A text in three frames, with a ping between them and a character that is split; then bytes in two frames. */
  fragments({ peer }) {
    const text = Buffer.from('Grüße in Stücken');
    peer.socket.write(encodeFrame(TEXT, text.subarray(0, 3), false));
    peer.ping('between');
    peer.socket.write(encodeFrame(CONTINUATION, text.subarray(3, 9), false));
    peer.socket.write(encodeFrame(CONTINUATION, text.subarray(9)));
    peer.socket.write(encodeFrame(BINARY, Buffer.from([0, 1]), false));
    peer.socket.write(encodeFrame(CONTINUATION, Buffer.from([254, 255])));
  },

  /** A ping, and the content of the pong as a message. */
  ping({ peer }) {
    peer.listener = { pong: (payload) => peer.send(`pong ${payload}`) };
    peer.ping('are you there?');
  },

  /** Accepts everything, even a close frame, and sends nothing. */
  silent({ peer }) {
    peer.close = () => {};
    peer.socket.write = () => true;
    peer.socket.end = () => peer.socket;
  },

  /** Closes the connection without a close frame after the first message. */
  drop({ peer }) {
    peer.listener = { message: () => peer.socket.destroy() };
  },

  /** A frame with an unknown opcode. */
  garbage({ peer }) {
    peer.socket.write(Buffer.from([0x83, 0x00]));
  },

  /** Text that is not UTF-8. */
  'bad-text'({ peer }) {
    peer.socket.write(encodeFrame(TEXT, Buffer.from([0xff, 0xfe])));
  },
};
