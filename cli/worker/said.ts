/** The output of a process, which may be without end. */
import type { ChildProcess } from 'node:child_process';

const MOST_SAID = 1_000_000;

/** The end of what it has printed so far, and complained of. */
export function saidBy({ stdout, stderr }: ChildProcess): () => string {
  let said = '';
  for (const stream of [stdout!, stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MOST_SAID);
    });
  }
  return () => said;
}

/** The last line of a text that begins with the name of an error. */
export function lastError(text: string): string | undefined {
  return text.split('\n').findLast((line) => /^(?:FATAL ERROR|\w*(?:Error|Exit)\b)/.test(line));
}
