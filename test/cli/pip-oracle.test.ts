/** Compares trees of requirements files with pip's own parser. `npm run test:all` tries more. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Random } from '../resolver/requirements/random.ts';
import {
  askPip,
  type Reading,
  randomTree,
  readTree,
  sorted,
  type Tree,
  utf32BigEndian,
  VARIABLES,
} from './pip-files.ts';

const SEED = 11;
const TREES = process.env.TEST_ALL ? 600 : 150;

/** pip's result for each tree, in one process: starting pip takes longer than reading. */
let answers: Map<Tree, Reading>;
const random = new Random(SEED);
const trees = Array.from({ length: TREES }, () => randomTree(random));

beforeAll(async () => {
  for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value);
  const all = [...trees, ...CASES.map(([, tree]) => tree), ...REFUSED.map(([, tree]) => tree)];
  const readings = await askPip(all);
  answers = new Map(all.map((tree, at) => [tree, readings[at]!]));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

test(`pip reads ${TREES} random trees equally, or rejects them too`, async () => {
  for (const tree of trees) {
    const texts = Object.fromEntries(
      Object.entries(tree).map(([path, bytes]) => [path, bytes.toString('latin1')]),
    );
    const { found } = await readTree(tree);
    expect({ texts, found: sorted(found) }).toEqual({ texts, found: sorted(answers.get(tree)!.found) });
  }
  const refused = trees.filter((tree) => answers.get(tree)!.found === null).length;
  expect(refused).toBeGreaterThan(TREES / 20);
  expect(refused).toBeLessThan(TREES / 2);
});

/** Earlier errors, each with the right result. */
const CASES = (
  [
    [
      'UTF-16, as a shell of Windows writes it',
      { 'r.txt': Buffer.from('\ufeffsix\r\nnumpy\r\n', 'utf16le') },
      [
        ['requirements', 'six'],
        ['requirements', 'numpy'],
      ],
    ],
    [
      'UTF-16, big end first',
      { 'r.txt': Buffer.from('\ufeffsix', 'utf16le').swap16() },
      [['requirements', 'six']],
    ],
    ['UTF-32', { 'r.txt': utf32BigEndian('six\n') }, [['requirements', 'six']]],
    ['a file after another option', { 'r.txt': '--pre -r b.txt', 'b.txt': 'six' }, [['requirements', 'six']]],
    [
      'requirements of constraints',
      { 'r.txt': '-c k.txt', 'k.txt': '-r b.txt\nnumpy<2', 'b.txt': 'six' },
      [
        ['requirements', 'six'],
        ['constraints', 'numpy<2'],
      ],
    ],
    [
      'a variable',
      { 'r.txt': `\${PW_NAME}==1\n-r \${PW_FILE}`, 'b.txt': `\${PW_NONE}x` },
      [
        ['requirements', 'six==1'],
        ['requirements', `\${PW_NONE}x`],
      ],
    ],
    [
      'the first of two files on a line',
      { 'r.txt': '-r a.txt -r b.txt', 'a.txt': 'six', 'b.txt': 'numpy' },
      [['requirements', 'six']],
    ],
    [
      'a comment before the end of a line that goes on',
      { 'r.txt': 'six # why \\\nnumpy\nidna' },
      [
        ['requirements', 'six'],
        ['requirements', 'idna'],
      ],
    ],
    [
      'an encoding that is declared',
      { 'r.txt': Buffer.from('# coding: latin-1\nsix # \xe9\n', 'latin1') },
      [['requirements', 'six']],
    ],
  ] satisfies [what: string, files: Record<string, string | Buffer>, found: [kind: string, text: string][]][]
).map(([what, files, found]) => [what, treeOf(files), found] as const);

test.each(CASES)('%s', async (_, tree, expected) => {
  const { found } = await readTree(tree);
  expect(sorted(found)?.map(([kind, , , text]) => [kind, text])).toEqual(expected);
  expect(sorted(found)).toEqual(sorted(answers.get(tree)!.found));
});

const REFUSED = (
  [
    ['--frob', 'pip has no option `--frob` in files.'],
    ['--requirment b.txt', 'pip has no option `--requirment` in files.'],
    ['-r', '--requirement has no value.'],
    ['--pre=1', '--pre takes no value.'],
    ['six --hash=md5:00', '--hash has no SHA-256, SHA-384 or SHA-512.'],
    ['-r "b.txt', 'A quotation mark is not closed.'],
    ['--con b.txt', '`--con` may be --constraint or --config-settings or --config-setting.'],
    ['# coding: utf-8\n\xff', 'r.txt declares the encoding utf-8, but is not encoded in it.'],
  ] satisfies [text: string, says: string][]
).map(([text, says]) => [text, treeOf({ 'r.txt': Buffer.from(text, 'latin1') }), says] as const);

test.each(REFUSED)('%j is refused', async (_, tree, says) => {
  expect((await readTree(tree)).refused).toContain(says);
  expect(answers.get(tree)!.refused).not.toBeNull();
});

test('little-endian UTF-32 is read, although pip reads it as UTF-16', async () => {
  const bytes = utf32BigEndian('six\n').swap32();
  expect((await readTree({ 'r.txt': bytes })).found).toEqual([['requirements', 'r.txt', 1, 'six', []]]);
});

function treeOf(files: Record<string, string | Buffer>): Tree {
  const bytes = (content: string | Buffer) => (Buffer.isBuffer(content) ? content : Buffer.from(content));
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, bytes(content)]));
}
