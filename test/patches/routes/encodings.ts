/** Bodies with a Content-Encoding. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Routes } from '../routes.ts';

const encoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
const PLAIN = 'Grüße, plain text. '.repeat(200);

export const encodings: Routes = {
  encoded({ response, arrival, url }, [coding = 'gzip']) {
    const body = coding
      .split('+')
      .reduce<Uint8Array>((bytes, each) => encoders[each]!(bytes), Buffer.from(PLAIN));
    const headers = {
      'content-encoding': coding.replaceAll('+', ', '),
      'content-type': 'text/plain; charset=utf-8',
    };
    const framing = url.searchParams.has('chunked') ? {} : { 'content-length': body.length };
    response.writeHead(200, { ...headers, ...framing });
    response.end(arrival.method === 'HEAD' ? undefined : body);
  },

  'bad-gzip'({ response }) {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end('this is not gzip');
  },
};
