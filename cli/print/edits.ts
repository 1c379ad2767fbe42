/** Changes of files, as text. */
import { visible } from '../common/text.ts';
import type { Edit } from '../project/edits.ts';

const UNHASHED =
  'A replaced requirement loses its hashes, which are of another file. pip wants hashes of all or of none.';

export function editLines({ file, before, after }: Edit, what: string): string[] {
  const [old, made] = [before, after].map((text) =>
    text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/),
  ) as [string[], string[]];
  const gone = without(old, made).map((line) => `- ${line}`);
  const come = without(made, old).map((line) => `+ ${line}`);
  const isUnhashed = come.length > 0 && gone.some((line) => / --hash\b/.test(line));
  const note = isUnhashed ? [UNHASHED] : [];
  return [`${what} ${file}:`, ...gone, ...come, ...note].map(visible);
}

/** The lines without those of the others, each as often as these have it: the same line may come once more. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
