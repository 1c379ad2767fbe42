/** The user's own npm, with its registry, proxy and credentials. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

/** npm reports as JSON, and does not retry for minutes. */
const OPTIONS = [
  '--json',
  '--loglevel',
  'silent',
  '--fetch-retry-mintimeout',
  '1000',
  '--fetch-retry-maxtimeout',
  '5000',
];

/** The npm that runs this program if there is one, else the one on the path. */
export async function runNpm(args: string[]): Promise<string> {
  const script = process.env.npm_execpath;
  const run = promisify(execFile);
  const { stdout } =
    script && basename(script) === 'npm-cli.js'
      ? await run(process.execPath, [script, ...args, ...OPTIONS], { maxBuffer: MOST_OUTPUT })
      : await run('npm', [...args, ...OPTIONS], {
          shell: process.platform === 'win32',
          maxBuffer: MOST_OUTPUT,
        });
  return stdout;
}

/** The list of thousands of versions takes a megabyte. */
const MOST_OUTPUT = 1 << 25;

/** npm's own summary of an error, if there is one. */
export function reasonOf(error: unknown): string {
  const { stdout, message } = error as Error & { stdout?: string };
  try {
    return JSON.parse(stdout ?? '').error.summary;
  } catch {
    return message;
  }
}
