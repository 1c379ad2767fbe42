/** The folder that packages are vendored into. It is made next to the old one, and then replaces it. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { MADE_BY, MARKER_FILE } from '../../resolver/vendored/marker.ts';
import { misused } from '../failure.ts';

/** The file that says what a folder is, and the command that it says has made it. */
export interface Maker {
  marker: string;
  madeBy: string;
  /** Folders in it that are another tool's: they stay when it is replaced. */
  keeps?: readonly string[];
}

const VENDOR: Maker = { marker: MARKER_FILE, madeBy: MADE_BY };

/**
 * The path of a folder that may be replaced, links in it followed. It does not have to be there. Without
 * `force`, one with something in it has to be of this command's making.
 */
export async function claimFolder(to: string, force: boolean, maker = VENDOR): Promise<string> {
  const path = await realpath(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return resolve(to);
    throw error;
  });
  const way = relative(path, process.cwd());
  if (!way.startsWith('..') && !isAbsolute(way)) {
    throw misused(`--to ${to} is the current folder or one of its parents.`, 'Name a separate folder.');
  }
  const found = await lstat(path).catch(() => null);
  if (!found) return path;
  if (!found.isDirectory()) throw misused(`--to ${to} is not a folder.`, 'Name another one.');
  const names = await readdir(path);
  if (names.length === 0 || force || (await isOurs(path, maker))) return path;
  throw misused(
    `${to} was not made by ${maker.madeBy}, and is not empty.`,
    'Name another folder with --to, or replace this one and everything in it with --force.',
  );
}

async function isOurs(folder: string, { marker, madeBy }: Maker): Promise<boolean> {
  try {
    const content: unknown = JSON.parse(await readFile(join(folder, marker), 'utf8'));
    return (content as { made_by?: unknown } | null)?.made_by === madeBy;
  } catch {
    return false;
  }
}

/** A new folder next to the one that it is going to replace. */
export class StagedFolder {
  /** Where files go. */
  readonly path: string;
  readonly #target: string;
  readonly #scratch: string;
  /** However the process ends, unless it is killed. */
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
    // In one go, so that no signal comes before it is known what to remove.
    const scratch = mkdtempSync(join(parent, `.${basename(target)}.pinwheel-`));
    // In a folder of its own that nobody else reads, and with a folder's usual permissions.
    const path = join(scratch, 'new');
    mkdirSync(path);
    return new StagedFolder(target, scratch, path);
  }

  /** Puts the new folder in the place of the old one, which is gone then. */
  async commit(content: object, { marker, madeBy, keeps = [] }: Maker = VENDOR): Promise<void> {
    const text = `${JSON.stringify({ made_by: madeBy, ...content }, null, 2)}\n`;
    await writeFile(join(this.path, marker), text);
    // In one go, so that no signal comes between: there is always one of the two.
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

  /** At an exit something may still be on its way into the folder while it is removed. */
  discard(): void {
    process.removeListener('exit', this.#onExit);
    for (let tries = 0; tries < 5 && existsSync(this.#scratch); tries++) {
      try {
        rmSync(this.#scratch, { recursive: true, force: true });
      } catch {
        // What cannot be removed is in nobody's way.
      }
    }
  }
}
