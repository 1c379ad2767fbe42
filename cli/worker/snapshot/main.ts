/**
 * Runs a Worker's Python in Node, in a process of its own: finds out which modules of WebAssembly it makes, and
 * saves its memory. Reads a {@link Job} from standard input, and writes its outcome to the file that the job names.
 */
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Job } from './job.ts';
import { runJob } from './run.ts';

const job = JSON.parse(await text(process.stdin)) as Job;
// Node would print the source line that failed, and Pyodide's lines are long.
const outcome = await runJob(job).catch((error: Error) => ({
  ok: false,
  crash: error.stack ?? String(error),
}));
await writeFile(job.outcome, JSON.stringify(outcome));
process.exit(0);
