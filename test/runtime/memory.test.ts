/** The pages of a snapshot: those that projects share, and the changes to them. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { packChanges, packPages, restoreChanges, restorePages } from '../../runtime/memory.ts';

const PAGE = 4096;

/** A page for each letter: the same for the same letter, and zeros for a dot. */
function memoryOf(letters: string): Uint8Array {
  const pages = [...letters].map((letter) => {
    const page = Buffer.alloc(PAGE);
    if (letter !== '.') page.fill(createHash('sha256').update(letter).digest());
    return page;
  });
  return new Uint8Array(Buffer.concat(pages));
}

test.each<[string, before: string, base: string, memory: string, saved: number[], changed: number[]]>([
  ['nothing changes', 'ab.', 'ab.', 'ab.', [], []],
  ['a shared page, and one that is not', 'ab..', 'aBc.', 'aBCd', [1, 2], [2, 3]],
  ['a page of neither as it was before', 'ab', 'Ab', 'Ax', [0], [1]],
  ['a page back to what it was before', 'ab', 'Ab', 'ab', [0], [0]],
  ['more memory', 'ab', 'aB', 'aBcd', [1], [2, 3]],
])('%s', (_what, before, base, memory, saved, changed) => {
  const start = memoryOf(before.padEnd(memory.length, '.'));
  const shared = packPages(memoryOf(base), memoryOf(before));
  const changes = packChanges(memoryOf(memory), start, shared);
  const pagesOf = ({ runs }: typeof shared) =>
    runs.flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at));
  expect([pagesOf(shared), pagesOf(changes)]).toEqual([saved, changed]);

  restorePages(start, shared);
  restoreChanges(start, shared.runs, changes);
  expect(Buffer.compare(start, memoryOf(memory))).toBe(0);
});

test('a changed byte of a shared page leaves all others zero', () => {
  const shared = packPages(memoryOf('a'), memoryOf('.'));
  const memory = memoryOf('a');
  memory[7]! ^= 1;
  const { data } = packChanges(memory, memoryOf('.'), shared);
  expect(data.reduce((sum, byte) => sum + byte, 0)).toBe(1);
});

test('what a page held that is restored whole does not matter', () => {
  const changes = packChanges(memoryOf('b'), memoryOf('.'), packPages(memoryOf('.'), memoryOf('.')));
  const other = memoryOf('x');
  restoreChanges(other, [], changes);
  expect(Buffer.compare(other, memoryOf('b'))).toBe(0);
});
