/** A server of files for pages in a browser, each by its path; what has none is HTML. */
import { type Listening, listen } from '../common/listen.ts';
import { ending } from '../common/own.ts';

const TYPES: Record<string, string> = {
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};

/** @param read the bytes at a path; undefined if there are none */
export async function serveFiles(
  read: (path: string) => Promise<Uint8Array | string | undefined>,
): Promise<Listening> {
  const server = await listen(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const bytes = await read(pathname).catch(() => undefined);
    const extension = /\.(\w+)$/.exec(pathname)?.[1] ?? 'html';
    const type = TYPES[extension] ?? 'application/octet-stream';
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': type }).end(bytes);
  });
  return ending(server);
}
