/** The entry of the `pinwheel` command: what the process does with signals, closed pipes and exit codes. */
import { runCommandLine } from './program.ts';
import { unexpectedLines } from './unexpected.ts';

/** As sysexits has it: an error of the program itself, and no finding. */
const UNEXPECTED = 70;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads has enough, as `head` does after its first lines.
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
// An exit, so that what is to be cleaned up at the end is cleaned up. The code is that of shells: 128 and the signal.
for (const [signal, code] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}
process.on('uncaughtException', failUnexpectedly);

// Not process.exit(): what is still on its way into a pipe would be lost.
process.exitCode = await runCommandLine(process.argv.slice(2)).catch(failUnexpectedly);

/** Node itself would print the line of code that threw, which is all of the bundle. */
function failUnexpectedly(error: unknown): never {
  process.stderr.write(`${unexpectedLines(error, process.env).join('\n')}\n`);
  process.exit(UNEXPECTED);
}
