/** Watches the folders of a project while it is served. */
import { existsSync, type FSWatcher, watch } from 'node:fs';

/** A change is told once nothing else has changed for so long: an editor writes a file in several steps. */
const QUIET_MS = 40;

/** Folders of which every change is told, but not what changes in folders below them. */
export class Watch {
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isChanged = false;
  #isClosed = false;
  #wake = () => {};

  /** Watches these folders from now on. No change is lost in between. */
  replace(folders: Iterable<string>): void {
    const before = this.#watchers;
    const changed = () => this.#changed();
    // A folder that is removed is an error on Windows.
    this.#watchers = [...new Set(folders)]
      .filter(existsSync)
      .map((folder) => watch(folder, changed).on('error', changed));
    for (const watcher of before) watcher.close();
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isChanged = true;
      this.#wake();
    }, QUIET_MS);
  }

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
