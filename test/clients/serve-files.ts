/** A server of files for pages in a browser, each by its path; what has none is HTML. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const TYPES: Record<string, string> = {
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};

export interface FileServer {
  origin: string;
  stop(): void;
}

/** @param read the bytes at a path; undefined if there are none */
export async function serveFiles(
  read: (path: string) => Promise<Uint8Array | string | undefined>,
): Promise<FileServer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const bytes = await read(pathname).catch(() => undefined);
    const extension = /\.(\w+)$/.exec(pathname)?.[1] ?? 'html';
    const type = TYPES[extension] ?? 'application/octet-stream';
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': type }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
