/** Serves files by their names, for Pyodide's `loadPackage`. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { listen } from '../common/listen.ts';

/** Serves the files while `use` runs, which gets their URLs in the same order. */
export async function whileServed<Result>(
  files: readonly string[],
  use: (addresses: string[]) => Promise<Result>,
): Promise<Result> {
  const byName = new Map(
    await Promise.all(files.map(async (path) => [basename(path), await readFile(path)] as const)),
  );
  const { origin, stop } = await listen((request, response) => {
    const content = byName.get(decodeURIComponent(request.url!.slice(1)));
    response.writeHead(content ? 200 : 404, { 'content-type': 'application/zip' });
    response.end(content);
  });
  try {
    return await use([...byName.keys()].map((name) => `${origin}/${encodeURIComponent(name)}`));
  } finally {
    await stop();
  }
}
