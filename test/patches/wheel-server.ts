/** Serves files by their names, for Pyodide's `loadPackage`. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';

/** Serves the files while `use` runs, which gets their URLs in the same order. */
export async function whileServed<Result>(
  files: readonly string[],
  use: (addresses: string[]) => Promise<Result>,
): Promise<Result> {
  const byName = new Map(
    await Promise.all(files.map(async (path) => [basename(path), await readFile(path)] as const)),
  );
  const server = createServer((request, response) => {
    const content = byName.get(decodeURIComponent(request.url!.slice(1)));
    response.writeHead(content ? 200 : 404, { 'content-type': 'application/zip' });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(
      [...byName.keys()].map((name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`),
    );
  } finally {
    server.close();
  }
}
