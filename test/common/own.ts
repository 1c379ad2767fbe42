/** Folders, servers and processes of a test file, which end with it. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listen } from './listen.ts';

type Running = { stop(): unknown } | { close(): unknown } | { dispose(): unknown };

let home: string | undefined;
let running: Running[] = [];

if (!process.env.VITEST) {
  process.once('exit', () => home !== undefined && rmSync(home, { recursive: true, force: true }));
}

/** Ends and removes it. */
export async function endOwn(): Promise<void> {
  const ended = running.reverse();
  running = [];
  for (const each of ended) {
    await ('stop' in each ? each.stop() : 'close' in each ? each.close() : each.dispose());
  }
  // A process that is ending may still write into it, and remove files of its own, of which rmSync says nothing.
  if (home !== undefined) await rm(home, { recursive: true, force: true, maxRetries: 10 });
  home = undefined;
}

/** A new folder. */
export function newFolder(): string {
  home ??= mkdtempSync(join(realpathSync(tmpdir()), 'pinwheel-'));
  return mkdtempSync(join(home, 'folder-'));
}

/** Writes them into a folder, by their paths in it. */
export async function writeFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** A server for the tests of a file, by its origin. */
export const serve = async (handler: RequestListener): Promise<string> =>
  ending(await listen(handler)).origin;

/** Ends it after the tests of the file; what started last ends first. */
export function ending<Started extends Running>(started: Started): Started {
  running.push(started);
  return started;
}
