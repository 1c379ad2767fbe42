/** What a test file has for itself: folders, and what runs. They end with it. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { listen } from './listen.ts';

type Running = { stop(): unknown } | { close(): unknown } | { dispose(): unknown };

const home = mkdtempSync(join(realpathSync(tmpdir()), 'pinwheel-'));
const running: Running[] = [];
const remove = () => rmSync(home, { recursive: true, force: true });

if (process.env.VITEST) {
  // Comes after the file's own hooks, which are declared later.
  afterAll(async () => {
    for (const each of running.reverse()) {
      await ('stop' in each ? each.stop() : 'close' in each ? each.close() : each.dispose());
    }
    remove();
  });
} else process.once('exit', remove);

/** A new folder. */
export const newFolder = (): string => mkdtempSync(join(home, 'folder-'));

/** A server for the tests of a file, by its origin. */
export const serve = async (handler: RequestListener): Promise<string> =>
  ending(await listen(handler)).origin;

/** Ends it after the tests of the file; what started last ends first. */
export function ending<Started extends Running>(started: Started): Started {
  running.push(started);
  return started;
}
