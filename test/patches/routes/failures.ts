/** Responses that never arrive, or arrive broken. */
import type { Routes } from '../routes.ts';

export const failures: Routes = {
  /** Responds without reading the body. */
  'early-answer'({ response }) {
    response.writeHead(413);
    response.end('too large');
  },

  never() {},

  reset({ request }) {
    request.socket.resetAndDestroy();
  },

  close({ request }) {
    request.socket.destroy();
  },

  'reset-in-body'({ request, response }) {
    response.writeHead(200, { 'content-length': 100_000 });
    response.write('some bytes', () => setTimeout(() => request.socket.resetAndDestroy(), 50));
  },

  'close-in-chunks'({ request, response }) {
    response.write('some bytes', () => request.socket.end());
  },

  'short-body'({ request }) {
    request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.');
  },

  /** More bytes than the content length: the rest belongs to no response. */
  'long-body'({ request }) {
    request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nten bytes.');
  },

  'two-lengths'({ request }) {
    request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 10\r\n\r\nten bytes.');
  },

  'bad-chunk'({ request }) {
    request.socket.end(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\nsix\r\nsecond\r\n',
    );
  },

  garbage({ request }) {
    request.socket.end('This is not HTTP.\r\n\r\n');
  },
};
