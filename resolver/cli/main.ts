/** The entry of the `pinwheel` command: what the process does with signals, closed pipes and exit codes. */
import { runCommandLine } from './program.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads has enough, as `head` does after its first lines.
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
process.once('SIGINT', () => process.exit(130));

// Not process.exit(): what is still on its way into a pipe would be lost.
process.exitCode = await runCommandLine(process.argv.slice(2));
