/** Progress of requests to an index: one line that is updated on a terminal, and otherwise a line now and then. */
import type { IndexFetch } from '../../resolver/solver/simple-index/open-index.ts';
import { count } from '../common/text.ts';
import { isQuiet } from './print.ts';
import { screenOf } from './screen.ts';

/** Nothing is shown before this delay. */
const PATIENCE_MS = 500;
const REPAINT_MS = 100;
/** If the output is not a terminal. */
const LINE_MS = 5_000;
const ERASE_LINE = '\r\x1b[2K';

export function watched(fetch: IndexFetch): IndexFetch {
  const stream = process.stderr;
  const canRepaint = screenOf(stream).columns !== null && process.env.TERM !== 'dumb';
  let asked = 0;
  let answered = 0;
  let shown = performance.now() + PATIENCE_MS - (canRepaint ? REPAINT_MS : LINE_MS);
  let isPainted = false;
  const paint = () => {
    const now = performance.now();
    if (isQuiet() || now - shown < (canRepaint ? REPAINT_MS : LINE_MS)) return;
    shown = now;
    const line = `Asking the index: ${answered} of ${count(asked, 'request')} answered`;
    stream.write(canRepaint ? `${ERASE_LINE}${line}` : `${line}\n`);
    isPainted = canRepaint;
  };
  const settle = () => {
    answered++;
    paint();
    // So that the next output begins on a new line.
    if (isPainted && answered === asked) stream.write(ERASE_LINE);
    if (answered === asked) isPainted = false;
  };
  return async (url, init) => {
    asked++;
    paint();
    try {
      return await fetch(url, init);
    } finally {
      settle();
    }
  };
}
