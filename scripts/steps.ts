/** The steps of long work, as they are shown. */

/** Tells each kind of step once, without counts: for what is no terminal. */
export function toldOnce(say: (kind: string) => void): (step: string) => void {
  const said = new Set<string>();
  return (step) => {
    const kind = step.replace(/ \d+ of \d+.*$/, '');
    if (!said.has(kind)) say(kind);
    said.add(kind);
  };
}

/** Shows steps on standard error: on a terminal the newest, in one line that `end` clears. */
export function showSteps(): { show: (step: string) => void; end: () => void } {
  if (!process.stderr.isTTY) {
    return { show: toldOnce((kind) => console.error(`pinwheel: ${kind}…`)), end: () => {} };
  }
  return {
    show: (step) => void process.stderr.write(`\r\x1b[2K${step}…`),
    end: () => void process.stderr.write('\r\x1b[2K'),
  };
}
