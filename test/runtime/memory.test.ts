/** The pages of a snapshot: those that projects share, and the changes to them. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  packChanges,
  packKept,
  packPages,
  restoreChanges,
  restorePages,
  sizeOf,
} from '../../runtime/memory.ts';

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

test.each<[string, before: string, base: string, memory: string, saved: number[]]>([
  ['nothing changes', 'ab.', 'ab.', 'ab.', []],
  ['a shared page, and one that is not', 'ab..', 'aBc.', 'aBCd', [1, 2]],
  ['a page of neither as it was before', 'ab', 'Ab', 'Ax', [0]],
  ['a page back to what it was before', 'ab', 'Ab', 'ab', [0]],
  ['more memory', 'ab', 'aB', 'aBcd', [1]],
  ['no pages between, empty or not', 'abc..d', 'AbC..D', 'Abx..d', [0, 2, 5]],
])('%s', (_what, before, base, memory, saved) => {
  const start = () => memoryOf(before.padEnd(memory.length, '.'));
  const shared = packPages(memoryOf(base), packPages(memoryOf(before)));
  const pages = shared.runs.flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at));
  expect(pages).toEqual(saved);
  expect(sizeOf(shared.runs)).toBe(shared.data.length);

  const changes = packChanges(memoryOf(memory), packPages(start()), shared);
  const restored = start();
  restorePages(restored, shared);
  restoreChanges(restored, changes);
  expect(Buffer.compare(restored, memoryOf(memory))).toBe(0);
});

test.each<[string, changed: number[], words: number]>([
  ['nothing', [], 1],
  ['one word', [7], 4],
  ['two words far from each other', [7, 1000], 7],
  ['two words near each other, with those between them', [7, 9], 6],
  ['the last word of a page and the first of the next', [1023, 1024], 5],
])('changes of shared pages: %s', (_what, changed, words) => {
  const shared = packPages(memoryOf('ab'));
  const memory = memoryOf('ab');
  for (const word of changed) memory[word * 4]! ^= 1;
  const changes = packChanges(memory, packPages(memoryOf('..')), shared);
  expect(changes.length).toBe(words * 4);

  const restored = memoryOf('ab');
  restoreChanges(restored, changes);
  expect(Buffer.compare(restored, memory)).toBe(0);
});

test('what a page held that is not shared does not matter', () => {
  const [before, memory] = [memoryOf('a'), memoryOf('a')];
  memory[7]! ^= 1;
  const changes = packChanges(memory, packPages(before), packPages(before, packPages(before)));
  const other = memoryOf('x');
  restoreChanges(other, changes);
  expect(Buffer.compare(other, memory)).toBe(0);
});

test.each([
  ['pages that stay, but no empty ones', 'ab..', 'ab..', [0, 1]],
  ['none that changes between two that stay', 'abc', 'aXc', [0, 2]],
  ['none that changes', 'ab', 'aX', [0]],
])('what memory keeps of its start: %s', (_what, start, memory, pages) => {
  const { runs, data } = packKept(memoryOf(start), memoryOf(memory));
  expect(runs.flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at))).toEqual(
    pages,
  );
  const restored = new Uint8Array(start.length * PAGE);
  restorePages(restored, { runs, data });
  const kept = [...start].map((letter, page) => (pages.includes(page) ? letter : '.')).join('');
  expect(Buffer.compare(restored, memoryOf(kept))).toBe(0);
});
