/** The two ends of a host process: its question on stdin, its answer in the last line of stdout. */
import { text } from 'node:stream/consumers';

// Node quotes the line of code that threw, and a line of Pyodide has a million characters.
process.on('uncaughtException', (error) => {
  console.error(error.message ?? error);
  process.exit(1);
});

export async function readQuestion<Question>(): Promise<Question> {
  return JSON.parse(await text(process.stdin));
}

/** Ends the process, which Pyodide would keep alive, but not before the answer is written. */
export function reply(result: unknown, printed: string[] = []): void {
  const answer = JSON.stringify({ result, printed: printed.join('\n') });
  process.stdout.write(`\n${answer}\n`, () => process.exit(0));
}
