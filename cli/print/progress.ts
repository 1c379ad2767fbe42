/** The progress that a command shows: downloads, requests to an index, and steps of a build. */
import type { Listener, Progress } from '../common/listener.ts';
import { bytes, count, cut, visible } from '../common/text.ts';
import { printRemarks } from './print.ts';
import { output, type Screen, screenOf } from './table.ts';

const REPAINT_MS = 100;
const BAR_WIDTH = 24;
const ERASE_LINE = '\r\x1b[2K';

const isQuiet = (): boolean => output.detail === 'answer';
const canRepaint = ({ columns }: Screen): boolean => columns !== null && process.env.TERM !== 'dumb';

export function progressLines(write: (text: string) => void): Pick<Required<Progress>, 'fetched'> {
  return {
    fetched({ filename, url }, { size, received }) {
      const part = received < size ? `the last ${bytes(received)} of ${bytes(size)}` : bytes(size);
      const line = url.startsWith('file:')
        ? `On this machine: ${filename}`
        : received === 0 && size > 0
          ? `In the cache: ${filename}`
          : `Downloaded: ${filename}, ${part}`;
      write(`${visible(line)}\n`);
    },
  };
}

/** @param now a clock in milliseconds */
export function progressBar(
  files: number,
  { columns, colors }: Screen,
  write: (text: string) => void,
  now = () => performance.now(),
): Required<Progress> {
  /** The running downloads, with the fraction of each that is there. */
  const underway = new Map<string, { size: number; share: number }>();
  let [fetched, fetchedSize, unpacked] = [0, 0, 0];
  let painted: number | null = null;
  const line = () => {
    const running = [...underway.values()];
    const size = running.reduce((sum, download) => sum + download.size, fetchedSize);
    const isFetching = fetched < files;
    const done = isFetching ? fetched : unpacked;
    const share = isFetching ? running.reduce((sum, download) => sum + download.share, done) : done;
    const filled = Math.round((share / Math.max(1, files)) * BAR_WIDTH);
    const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
    const text = `${isFetching ? 'Fetching ' : 'Unpacking'} [${bar}] ${done} of ${files} files, ${bytes(size)}`;
    return cut(text, (columns ?? 80) - 1).replace(/#+/, (part) => colors.green(part));
  };
  const paint = () => {
    if (painted !== null && now() - painted < REPAINT_MS) return;
    painted = now();
    write(ERASE_LINE + line());
  };
  const end = () => {
    process.removeListener('exit', end);
    if (painted !== null) write(ERASE_LINE);
    painted = null;
  };
  process.once('exit', end);
  const settle = (sha256: string, size: number) => {
    underway.delete(sha256);
    fetched++;
    fetchedSize += size;
    paint();
  };
  return {
    here({ sha256 }, size, total) {
      underway.set(sha256, { size, share: total ? Math.min(1, size / total) : 0 });
      paint();
    },
    fetched: ({ sha256 }, { size }) => settle(sha256, size),
    skipped: ({ sha256 }) => settle(sha256, 0),
    unpacked() {
      unpacked++;
      paint();
    },
    end,
  };
}

/** Nothing is shown before this delay. */
const PATIENCE_MS = 500;
/** The time between lines if the output is not a terminal. */
const LINE_MS = 5_000;

/** When the line was shown last. */
let shownAt: number | null = null;
let isPainted = false;

/** Requests to an index: one line that is updated on a terminal, and otherwise a line now and then. */
function showRequests(sent: number, answered: number): void {
  const { stderr } = process;
  const repaints = canRepaint(screenOf(stderr));
  const pause = repaints ? REPAINT_MS : LINE_MS;
  const now = performance.now();
  shownAt ??= now + PATIENCE_MS - pause;
  if (!isQuiet() && now - shownAt >= pause) {
    shownAt = now;
    const line = `Asking the index: ${answered} of ${count(sent, 'request')} answered`;
    stderr.write(repaints ? `${ERASE_LINE}${line}` : `${line}\n`);
    isPainted = repaints;
  }
  if (answered < sent) return;
  // So that the next output begins on a new line.
  if (isPainted) stderr.write(ERASE_LINE);
  isPainted = false;
}

export const terminal: Listener = {
  remarks: printRemarks,
  requests: showRequests,
  downloads(files) {
    if (isQuiet()) return {};
    const screen = screenOf(process.stderr);
    const write = (text: string) => void process.stderr.write(text);
    return canRepaint(screen) ? progressBar(files, screen, write) : progressLines(write);
  },
  step(line) {
    if (!isQuiet()) process.stderr.write(`${line}\n`);
  },
};
