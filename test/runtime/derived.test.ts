/** Words of memory that follow from others, and the marks in their place. That real memory is the same again, each build sees. */
import { expect, test } from 'vitest';
import { withMarks } from '../../cli/worker/snapshot/marks.ts';
import { HASH, INDICES, LINK, MARK, type Marks, restoreDerived } from '../../runtime/derived.ts';
import type { EmscriptenModule } from '../../runtime/pyodide.ts';

/** Memory with words at their places, restored. Its only strings have the hash 77. */
function restored(words: Record<number, number>, marks: Partial<Marks>): Uint32Array {
  const memory = new Uint32Array(64);
  for (const [at, word] of Object.entries(words)) memory[Number(at)] = word;
  const PyObject_Hash = (address: number) => {
    memory[address / 4 + 3] = 77;
    return 77;
  };
  const HEAPU8 = new Uint8Array(memory.buffer);
  const LDSO = { loadedLibsByName: { __main__: { name: 'main', exports: { PyObject_Hash } } } };
  const module = { HEAPU8, LDSO } as unknown as EmscriptenModule;
  restoreDerived(module, { from: 1, to: 63, head: 0, lookalikes: [], ...marks });
  return memory;
}

test('the hash of a string is computed, but not where a word only looks like a mark', () => {
  const memory = restored({ 11: MARK + HASH, 21: MARK + HASH }, { lookalikes: [21] });
  expect([memory[11], memory[21]]).toEqual([77, MARK + HASH]);
});

test('the list of the garbage collector goes through all members in order, and back, with their flags', () => {
  const memory = restored({ 4: 0, 5: 2, 20: 1, 21: MARK + LINK + 3, 30: 0, 31: MARK + LINK }, { head: 4 });
  const links = [20, 21, 30, 31].map((at) => memory[at]);
  expect(links).toEqual([30 * 4 + 1, 4 * 4 + 3, 4 * 4, 20 * 4]);
});

test.each([
  // As Python puts 1, 9, 17 and 2 into slots: each next try is at five times the slot and one.
  ['that collide', [1, 9, 17, 2], [-1, 0, 3, -1, -1, -1, 1, 2]],
  ['of many bits', [0x2000_0001, 0x4000_0021], [-1, 0, -1, -1, -1, -1, -1, 1]],
])('the indices of a dictionary are where Python looks for them: hashes %s', (_what, hashes, slots) => {
  const entries = hashes.map((hash) => [hash, 8, 8]);
  // A general table of 8 slots, of one byte each, after its header.
  const header = { 8: 1, 9: 0x0303, 11: 5 - hashes.length, 12: hashes.length, 13: MARK + INDICES };
  const words = Object.fromEntries(entries.flat().map((word, at) => [15 + at, word]));
  const memory = restored({ ...header, ...words }, {});
  expect([...new Int8Array(memory.buffer, 13 * 4, 8)]).toEqual(slots);
});

test('an entry that was removed has no slot', () => {
  const header = { 9: 0x0303, 12: 2, 13: MARK + INDICES };
  const memory = restored({ ...header, 15: 3, 18: 4, 19: 8, 20: 8 }, {});
  expect([...new Int8Array(memory.buffer, 13 * 4, 8)]).toEqual([-1, -1, -1, -1, 1, -1, -1, -1]);
});

test('memory that its marks would not restore has no snapshot, and the error says what to do', () => {
  const str = 1000;
  const words = new Uint32Array(64);
  // A list of its head and one object, and a string with the hash 77.
  const list = { 4: 20 * 4, 5: 20 * 4, 20: 4 * 4, 21: 4 * 4 };
  Object.assign(words, list, { 25: str, 26: 1, 27: 77 });
  const hashes = [77, 78];
  const PyObject_Hash = (address: number) => {
    const hash = hashes.shift()!;
    new Uint32Array(HEAPU8.buffer)[address / 4 + 3] = hash;
    return hash;
  };
  const HEAPU8 = new Uint8Array(words.slice().buffer);
  const LDSO = { loadedLibsByName: { __main__: { name: 'main', exports: { PyObject_Hash } } } };
  const module = { HEAPU8, LDSO } as unknown as EmscriptenModule;
  const mark = () => withMarks(module, new Uint8Array(words.buffer), { str, dict: 0, tracked: 22 * 4 });
  expect(mark).toThrow('Build without a snapshot: --no-snapshot.');
});
