/** The output of a process, which may be without end. */
import type { ChildProcess } from 'node:child_process';

const MOST_SAID = 1_000_000;

/** The end of what it has printed so far, and complained of. */
export function saidBy({ stdout, stderr }: ChildProcess): () => string {
  let said = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MOST_SAID);
    });
  }
  return () => said;
}

/**
 * The line that names the exception of a traceback, or the error of another text. In a traceback, more lines may follow
 * it, of its message and of notes; those on a module that is not found say what to do, and are kept.
 */
export function exceptionLine(text: string): string {
  const [, group] = /^(?:\w+: )? {2}\+ Exception Group Traceback[\s\S]*?^ {2}\| (\S.*)/m.exec(text) ?? [];
  if (group !== undefined) return group;
  const lines = text.trim().split('\n');
  const begun = lines.findLastIndex((line) => line.includes('Traceback (most recent call last):'));
  const at = lines.findIndex((line, index) => index > begun && /^\S/.test(line));
  if (begun < 0 || at < 0) return lastError(text) ?? lines.at(-1)!;
  return lines[at]!.startsWith('ModuleNotFoundError') ? lines.slice(at).join(' ') : lines[at]!;
}

/** The last line of a text that begins with the name of an error, or says that Python ended. */
export function lastError(text: string): string | undefined {
  return text.split('\n').findLast((line) => /^(?:FATAL ERROR|Python ended|\w*(?:Error|Exit)\b)/.test(line));
}
