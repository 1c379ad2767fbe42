/** Changes of files, as text. */
import { visible } from '../common/text.ts';
import type { Edit } from '../project/edits.ts';

/** The lines that an edit removes and adds. */
export function editLines({ file, before, after }: Edit, what: string): string[] {
  const [old, made] = [before, after].map((text) =>
    text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/),
  ) as [string[], string[]];
  const gone = old.filter((line) => !made.includes(line)).map((line) => `- ${line}`);
  const come = made.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [`${what} ${file}:`, ...gone, ...come].map(visible);
}
