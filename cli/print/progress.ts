/** What a command shows while it works: the progress of downloads, of requests to an index, and of a build. */
import type { Listener, Progress } from '../common/listener.ts';
import { bytes, count, cut, visible } from '../common/text.ts';
import type { Fetched, PinnedFile } from '../packages/download.ts';
import { isQuiet, printRemarks } from './print.ts';
import { type Screen, screenOf } from './table.ts';

export function progressOn(stream: NodeJS.WriteStream, files: number): Progress {
  if (isQuiet()) return new ProgressLines(() => {});
  const write = (text: string) => void stream.write(text);
  const screen = screenOf(stream);
  const canRepaint = screen.columns !== null && process.env.TERM !== 'dumb';
  return canRepaint ? new ProgressBar(files, screen, write) : new ProgressLines(write);
}

export class ProgressLines implements Progress {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  fetched({ filename, url }: PinnedFile, { size, received }: Fetched): void {
    const what =
      received < size && received > 0 ? `the last ${bytes(received)} of ${bytes(size)}` : bytes(size);
    const isHere = url.startsWith('file:');
    const line = isHere
      ? `On this machine: ${filename}`
      : received === 0 && size > 0
        ? `In the cache: ${filename}`
        : `Downloaded: ${filename}, ${what}`;
    this.#write(`${visible(line)}\n`);
  }

  here(): void {}
  unpacked(): void {}
  end(): void {}
}

/** At most ten times a second. */
const REPAINT_MS = 100;
const BAR_WIDTH = 24;
const ERASE_LINE = '\r\x1b[2K';

export class ProgressBar implements Progress {
  readonly #files: number;
  readonly #screen: Screen;
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #onExit = () => this.end();
  /** The fraction of each running download, from 0 to 1. */
  readonly #shares = new Map<string, { size: number; share: number }>();
  #fetched = 0;
  #size = 0;
  #unpacked = 0;
  #painted = Number.NEGATIVE_INFINITY;

  /** `now` is a clock in milliseconds. */
  constructor(files: number, screen: Screen, write: (text: string) => void, now = () => performance.now()) {
    this.#files = files;
    this.#screen = screen;
    this.#write = write;
    this.#now = now;
    process.once('exit', this.#onExit);
  }

  here({ sha256 }: PinnedFile, size: number, total: number | null): void {
    this.#shares.set(sha256, { size, share: total ? Math.min(1, size / total) : 0 });
    this.#paint();
  }

  fetched({ sha256 }: PinnedFile, { size }: Fetched): void {
    this.#shares.delete(sha256);
    this.#fetched++;
    this.#size += size;
    this.#paint();
  }

  unpacked(): void {
    this.#unpacked++;
    this.#paint();
  }

  end(): void {
    process.removeListener('exit', this.#onExit);
    if (this.#painted !== Number.NEGATIVE_INFINITY) this.#write(ERASE_LINE);
    this.#painted = Number.NEGATIVE_INFINITY;
  }

  #paint(): void {
    const now = this.#now();
    if (now - this.#painted < REPAINT_MS) return;
    this.#painted = now;
    this.#write(ERASE_LINE + this.#line());
  }

  #line(): string {
    const { colors, columns } = this.#screen;
    const underway = [...this.#shares.values()];
    const size = underway.reduce((sum, one) => sum + one.size, this.#size);
    const fetching = this.#fetched < this.#files;
    const done = fetching ? this.#fetched : this.#unpacked;
    const share = fetching ? underway.reduce((sum, one) => sum + one.share, done) : done;
    const filled = Math.round((share / Math.max(1, this.#files)) * BAR_WIDTH);
    const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
    const line = `${fetching ? 'Fetching ' : 'Unpacking'} [${bar}] ${done} of ${this.#files} files, ${bytes(size)}`;
    return cut(line, (columns ?? 80) - 1).replace(/#+/, (text) => colors.green(text));
  }
}

/** Nothing is shown before this delay. */
const PATIENCE_MS = 500;
/** If the output is not a terminal. */
const LINE_MS = 5_000;

/** Requests to an index: one line that is updated on a terminal, and otherwise a line now and then. */
class RequestLine {
  readonly #stream = process.stderr;
  readonly #canRepaint = screenOf(this.#stream).columns !== null && process.env.TERM !== 'dumb';
  readonly #pause = this.#canRepaint ? REPAINT_MS : LINE_MS;
  #shown = performance.now() + PATIENCE_MS - this.#pause;
  #isPainted = false;

  show(sent: number, answered: number): void {
    const now = performance.now();
    if (!isQuiet() && now - this.#shown >= this.#pause) {
      this.#shown = now;
      const line = `Asking the index: ${answered} of ${count(sent, 'request')} answered`;
      this.#stream.write(this.#canRepaint ? `${ERASE_LINE}${line}` : `${line}\n`);
      this.#isPainted = this.#canRepaint;
    }
    if (answered < sent) return;
    // So that the next output begins on a new line.
    if (this.#isPainted) this.#stream.write(ERASE_LINE);
    this.#isPainted = false;
  }
}

let requests: RequestLine | null = null;

export const terminal: Listener = {
  remarks: printRemarks,
  requests(sent, answered) {
    requests ??= new RequestLine();
    requests.show(sent, answered);
  },
  downloads: (files) => progressOn(process.stderr, files),
  step: (line) => void process.stderr.write(`${line}\n`),
};
