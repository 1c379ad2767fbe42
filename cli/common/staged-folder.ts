/** The folder that packages are vendored into. A new one is made next to the old one, and then replaces it. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { MADE_BY, MARKER_FILE } from '../../resolver/vendored/folder.ts';
import { misused } from './failure.ts';

/** The marker file of a folder, and the command that it names. */
export interface Maker {
  marker: string;
  madeBy: string;
  /** Folders of other tools in it, which stay when it is replaced. */
  keeps?: readonly string[];
}

const VENDOR: Maker = { marker: MARKER_FILE, madeBy: MADE_BY };

/**
 * The real path of a folder that may be replaced; it need not exist. Without `force`, a folder that is not empty has to
 * be made by this command.
 */
export async function claimFolder(to: string, force: boolean, maker = VENDOR): Promise<string> {
  const path = await realpath(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return resolve(to);
    throw error;
  });
  const way = relative(path, process.cwd());
  if (!way.startsWith('..') && !isAbsolute(way)) {
    throw misused({ problem: 'folder_around_this_one', folder: to });
  }
  const found = await lstat(path).catch(() => null);
  if (!found) return path;
  if (!found.isDirectory()) throw misused({ problem: 'not_a_folder', path: to });
  const names = await readdir(path);
  if (names.length === 0 || force || (await isOurs(path, maker))) return path;
  throw misused({ problem: 'folder_of_others', folder: to, maker: maker.madeBy });
}

async function isOurs(folder: string, { marker, madeBy }: Maker): Promise<boolean> {
  try {
    const content: unknown = JSON.parse(await readFile(join(folder, marker), 'utf8'));
    return (content as { made_by?: unknown } | null)?.made_by === madeBy;
  } catch {
    return false;
  }
}

export class StagedFolder {
  readonly path: string;
  readonly #target: string;
  readonly #scratch: string;
  /** Runs however the process ends, unless it is killed. */
  readonly #onExit = () => this.discard();

  private constructor(target: string, scratch: string, path: string) {
    this.#target = target;
    this.#scratch = scratch;
    this.path = path;
    process.once('exit', this.#onExit);
  }

  static async create(target: string): Promise<StagedFolder> {
    const parent = dirname(target);
    await mkdir(parent, { recursive: true });
    // Synchronous, so that no signal arrives before the cleanup knows the folder.
    const scratch = mkdtempSync(join(parent, `.${basename(target)}.pinwheel-`));
    // Inside a private folder, but with the usual permissions.
    const path = join(scratch, 'new');
    mkdirSync(path);
    return new StagedFolder(target, scratch, path);
  }

  async commit(content: object, { marker, madeBy, keeps = [] }: Maker = VENDOR): Promise<void> {
    const text = `${JSON.stringify({ made_by: madeBy, ...content }, null, 2)}\n`;
    await writeFile(join(this.path, marker), text);
    // Synchronous, so that no signal arrives in between: one of the two always exists.
    const old = join(this.#scratch, 'old');
    const replaces = existsSync(this.#target);
    const kept = keeps.filter((name) => existsSync(join(this.#target, name)));
    for (const name of kept) renameSync(join(this.#target, name), join(this.path, name));
    if (replaces) renameSync(this.#target, old);
    try {
      renameSync(this.path, this.#target);
    } catch (error) {
      if (replaces) renameSync(old, this.#target);
      for (const name of kept) renameSync(join(this.path, name), join(this.#target, name));
      throw error;
    }
    this.discard();
  }

  /** At exit, something may still be writing into the folder while it is removed. */
  discard(): void {
    process.removeListener('exit', this.#onExit);
    for (let tries = 0; tries < 5 && existsSync(this.#scratch); tries++) {
      try {
        rmSync(this.#scratch, { recursive: true, force: true });
      } catch {
        // A leftover folder does no harm.
      }
    }
  }
}
