/** The entry of the `pinwheel` command: signals, closed pipes and exit codes. */

import { inspect } from 'node:util';
import { printable } from '../resolver/text/printable.ts';
import { runCommandLine } from './commands/program.ts';
import { commandErrorOf, isClosedEarly } from './common/failure.ts';
import { readPackageJson } from './common/package-root.ts';
import { printIssues } from './print/print.ts';

/** The code of sysexits for an error in the program. */
const UNEXPECTED = 70;

for (const [path, stream] of [
  ['Standard output', process.stdout],
  ['Standard error', process.stderr],
] as const) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has closed the pipe, as `head` does after its first lines.
    if (error.code === 'EPIPE') process.exit();
    throw Object.assign(error, { path });
  });
}
// process.exit() runs the exit handlers, which clean up. The code is that of shells: 128 plus the signal.
for (const [signal, code] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  // Each time: Vite sends two, and the second would end it before it has cleaned up.
  process.on(signal, () => process.exit(code));
}
process.on('uncaughtException', (error) => {
  if (!isClosedEarly(error)) failUnexpectedly(error);
});

// Not process.exit(), which would lose output that is still being written to a pipe.
process.exitCode = await runCommandLine(process.argv.slice(2)).catch(failUnexpectedly);

/** Node would print the source line that threw, which is the whole bundle. */
function failUnexpectedly(error: unknown): never {
  // Standard output may go to a full disk.
  const failure = commandErrorOf(error);
  if (failure) {
    printIssues(failure.issues);
    process.exit(failure.exitCode);
  }
  process.stderr.write(`${unexpectedLines(error, process.env).join('\n')}\n`);
  process.exit(UNEXPECTED);
}

/** The whole stack, and those of its causes, if `DEBUG` names pinwheel. */
export function unexpectedLines(error: unknown, { DEBUG = '' }: NodeJS.ProcessEnv): string[] {
  const message = error instanceof Error ? error.message : String(error);
  const { version, bugs } = readPackageJson('package.json') as { version: string; bugs?: { url: string } };
  const where = bugs ? ` at ${bugs.url}` : '';
  const lines = [
    `error: Unexpected error: ${printable(message)}`,
    `  This is a bug in pinwheel ${version} (Node ${process.versions.node}). Please report it${where} with the command line.`,
  ];
  if (!/(^|[\s,])(\*|pinwheel)($|[\s,])/.test(DEBUG)) {
    return [
      ...lines,
      '  fix: Run it again with DEBUG=pinwheel to see where it happened, and report that too.',
    ];
  }
  // The message is above.
  const frames = inspect(error)
    .split('\n')
    .filter((line) => /^\s+(?:at |\[cause\])/.test(line));
  return [...lines, ...frames.map(printable)];
}
