/** Scripts as commands: their options, how they fail, and the steps of long work that they show. */

/** Parses the options of a command. `--help`, or an option that it does not have, ends the process with the usage. */
export function orUsage<Parsed>(usage: string, parse: () => Parsed): Parsed {
  if (process.argv.some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    console.error(`pinwheel: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

/** Runs a script. If it fails, it says what did not happen, and why. */
export function run(main: () => Promise<void>, failure: string): void {
  main().catch((error: Error) => {
    console.error(`${failure}: ${error.message}`);
    process.exitCode = 1;
  });
}

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
