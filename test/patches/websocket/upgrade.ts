/** The opening handshake of a WebSocket, valid or invalid, before its route is called. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Gates } from '../gates.ts';
import type { Arrival } from '../server.ts';
import { Peer } from './peer.ts';
import { routes } from './routes.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** The first of these that a client offers is agreed on. */
const PROTOCOLS = ['chat', 'superchat'];
const DEFLATE = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';

/**
 * Rejections: `/ws/refuse/403` responds with this status, `/ws/redirect` redirects to `/ws/echo`, `/ws/never` does not
 * respond, `/ws/wrong-accept` and `/ws/wrong-protocol` break the handshake. `?cookie` sets a cookie with it, `?deflate`
 * agrees on compression if the client offers it.
 */
export function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  arrival: Arrival,
  gates: Gates,
): void {
  socket.on('error', () => {});
  const url = new URL(request.url!, 'http://server');
  const key = url.searchParams.get('key');
  if (key) gates.open(`arrived ${key}`);
  const [, first, name = '', ...parts] = url.pathname.split('/');
  if (first !== 'ws' || name === 'refuse') {
    refuse(socket, parts[0] ?? '404', 'content-type: text/plain', 'no WebSocket here');
    return;
  }
  if (name === 'redirect') {
    refuse(socket, '302', 'location: /ws/echo?redirected', 'elsewhere');
    return;
  }
  if (name === 'never') {
    if (key) socket.on('close', () => gates.open(`ended ${key}`, 'broken off'));
    return;
  }
  const secret = name === 'wrong-accept' ? 'another' : request.headers['sec-websocket-key'];
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const agreed = name === 'wrong-protocol' ? 'unasked' : offered.find((each) => PROTOCOLS.includes(each));
  const extensions = request.headers['sec-websocket-extensions'] ?? '';
  const deflate = url.searchParams.has('deflate') && extensions.includes('permessage-deflate');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'connection: Upgrade',
    `sec-websocket-accept: ${createHash('sha1').update(`${secret}${GUID}`).digest('base64')}`,
    ...(agreed ? [`sec-websocket-protocol: ${agreed}`] : []),
    ...(deflate ? [`sec-websocket-extensions: ${DEFLATE}`] : []),
    ...(url.searchParams.has('cookie') ? ['set-cookie: handshake=yes; Path=/'] : []),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const peer = new Peer(socket, head, deflate);
  if (key) void peer.ended.then((how) => gates.open(`ended ${key}`, how));
  const route = routes[name] ?? routes.echo!;
  void route({ peer, arrival, url, gates }, parts.map(decodeURIComponent));
}

function refuse(socket: Duplex, status: string, header: string, body: string): void {
  socket.end(
    `HTTP/1.1 ${status} No WebSocket\r\n${header}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
