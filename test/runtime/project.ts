/** Projects built by the installed command. What builds have in common is kept from test to test. */
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { root } from '../../scripts/root.ts';
import { type Ended, type Pinwheel, type RunOptions, usePinwheel } from '../cli/pinwheel.ts';
import { newFolder } from '../common/own.ts';

/** A `pyodide-lock.json` with its wheels, of a folder that the environment names; null without one. */
export const wheelhouse = process.env.WHEELHOUSE ? join(process.env.WHEELHOUSE, 'pyodide-lock.json') : null;
export const NO_WHEELHOUSE = 'skipped: WHEELHOUSE names no folder of wheels with a pyodide-lock.json';

export const CACHE = join(root, '.cache/builds');

export interface Workshop {
  pinwheel: Pinwheel;
  /** Runs `pinwheel build` with these words. */
  build(...words: string[]): Promise<Ended>;
  /** The same in another folder, or with more variables. */
  buildWith(options: Pick<RunOptions, 'cwd' | 'env'>, ...words: string[]): Promise<Ended>;
  /** The same as `build`, which fails with what the command says if the command does. */
  built(...words: string[]): Promise<Ended>;
  /** Builds a project of `examples/` in a new folder. Fails with what the command says. */
  example(name: string, ...words: string[]): Promise<string>;
  /** Copies a project into a new folder. */
  copy(project: string): Promise<string>;
  /** Builds a project of `projects/` in a new folder, with the wrangler file of `project` if it has none. */
  copied(name: string, ...words: string[]): Promise<string>;
  /** A new folder with these files, and a wrangler file. */
  project(files: Record<string, string>, wrangler?: string): Promise<string>;
}

export const FLAG_0_29_5 = 'python_3.13_packages_2026_09_16';
export const WRANGLER = `name = "test"
main = "src/entry.py"
compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"]
`;

/** A main module that answers each request with the text of an expression. */
export const answering = (top: string, expression: string) => `${top}
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(str(${expression}))
`;

/** A workshop for the tests of a file or of a `describe`. */
export function useWorkshop(): Workshop {
  const workshop = {} as Workshop;
  beforeAll(async () => void Object.assign(workshop, await openWorkshop()));
  return workshop;
}

export async function openWorkshop(): Promise<Workshop> {
  const pinwheel = await usePinwheel();
  const { PATH = '', HOME = '' } = process.env;
  const buildWith: Workshop['buildWith'] = ({ env, ...options }, ...words) =>
    pinwheel.run(['build', ...words, '--cache', CACHE], {
      ...options,
      env: { PATH, HOME, NO_COLOR: '1', ...env },
    });
  const build = (...words: string[]) => buildWith({}, ...words);
  const copy = async (project: string, folder = newFolder()) => {
    await cp(project, folder, { recursive: true, filter: (path) => !/\/(?:dist|\.wrangler)$/.test(path) });
    return folder;
  };
  const built = async (...words: string[]) => {
    const ended = await build(...words);
    if (ended.code !== 0) throw new Error(ended.stderr);
    return ended;
  };
  return {
    pinwheel,
    build,
    buildWith,
    built,
    async example(name, ...words) {
      const folder = await copy(join(root, 'examples', name));
      await built(folder, ...words);
      return folder;
    },
    copy,
    async copied(name, ...words) {
      const folder = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER });
      await built(await copy(join(root, 'test/runtime/projects', name), folder), ...words);
      return folder;
    },
    project: (files, wrangler = WRANGLER) => pinwheel.folderWith({ 'wrangler.toml': wrangler, ...files }),
  };
}

/** A cache with Pyodides, and without memory. */
export async function cacheWithoutMemory({ pinwheel }: Workshop): Promise<string> {
  const cache = await pinwheel.folderWith({});
  for (const name of ['npm', 'pyodide']) {
    await mkdir(join(CACHE, name), { recursive: true });
    await symlink(join(CACHE, name), join(cache, name));
  }
  return cache;
}

/** All files below a folder, as bytes by path. */
export async function bytesBelow(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.sort().map((file) => readFile(file)));
  return new Map(files.map((file, at) => [file.slice(folder.length + 1), contents[at]!]));
}
