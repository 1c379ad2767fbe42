/** Watches the folders of a project while it is served. */
import { existsSync, type FSWatcher, fstatSync, statSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';

/** A change is told once nothing else has changed for so long: an editor writes a file in several steps. */
const QUIET_MS = 40;

/** Folders of which every change is told, but not what changes in folders below them. */
export class Watch {
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isChanged = false;
  #isClosed = false;
  #wake = () => {};
  readonly #outputs: readonly number[];
  readonly #isMade: (path: string) => boolean;

  /**
   * @param outputs where this process prints, as file descriptors: a log in a watched folder is no change
   * @param isMade whether this process writes a path, which does not count as a change either
   */
  constructor(outputs: readonly number[] = [1, 2], isMade: (path: string) => boolean = () => false) {
    this.#outputs = outputs;
    this.#isMade = isMade;
  }

  /** Watches these folders from now on. No change is lost in between. */
  replace(folders: Iterable<string>): void {
    const before = this.#watchers;
    // A folder that is removed is an error on Windows.
    this.#watchers = [...new Set(folders)].filter(existsSync).map((folder) => {
      const told = (_: string, name: string | null) => {
        const path = name === null ? null : join(resolve(folder), name);
        if (path === null || !(this.#isMade(path) || this.#isOutput(path))) this.#changed();
      };
      return watch(folder, told).on('error', this.#changed);
    });
    for (const watcher of before) watcher.close();
  }

  #isOutput(path: string): boolean {
    const file = statSync(path, { throwIfNoEntry: false });
    const isIt = (output: number) => {
      const { ino, dev } = fstatSync(output);
      return ino === file?.ino && dev === file.dev;
    };
    return file !== undefined && this.#outputs.some(isIt);
  }

  readonly #changed = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isChanged = true;
      this.#wake();
    }, QUIET_MS);
  };

  /** Changes until the watch is closed. Those during one iteration are the next one together. */
  async *changes(): AsyncGenerator<void> {
    for (;;) {
      if (!this.#isChanged && !this.#isClosed) await new Promise<void>((wake) => (this.#wake = wake));
      if (this.#isClosed) return;
      this.#isChanged = false;
      yield;
    }
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    clearTimeout(this.#timer);
    this.#isClosed = true;
    this.#wake();
  }
}
