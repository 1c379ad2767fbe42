/** The table of all files, as text and back. */
import { expect, test } from 'vitest';
import {
  emptyTable,
  filesOnce,
  modulesOnce,
  type PinnedFile,
  readTable,
  tableText,
} from '../../resolver/pinned-files.ts';

const fileOf = (name: string, text: string): PinnedFile => ({
  ...{ name, version: text, kind: 'package', filename: text, sha256: '0'.repeat(64), patched_by: null },
  ...{ imports: [text, text], sets: [1, 2], dependents: [0, 3], incomplete: [] },
});

/** They look like the end of a row and the beginning of the next. */
test.each(['numpy', ']]]],["b', ']]]],[', '],[],[]]]],["c",[[', '\\]]]],["b', '"]]]],["b', 'l,[', '",["b'])(
  'a table with the text %j is read as it was written',
  (text) => {
    const names = ['a', 'b-c', '7z', `"><img src=x>\u202e\x07`, '\\",[['];
    const table = new Map(names.map((name) => [name, [fileOf(name, text), fileOf(name, `${text}2`)]]));
    const read = readTable(tableText(table));
    for (const from of [table, read]) expect([...modulesOnce(from, names[0]!)]).toEqual([text, `${text}2`]);
    expect(Array.from(read.keys(), (name) => [name, read.get(name)])).toEqual([...table]);
    expect(Array.from(read.keys(), (name) => filesOnce(read, name))).toEqual([...table.values()]);
    expect([...modulesOnce(read, names[0]!)]).toEqual([text, `${text}2`]);
    expect(read.get('d')).toBeUndefined();
  },
);

test('a table without files', () => {
  expect([...readTable(tableText(emptyTable)).keys()]).toEqual([]);
});
