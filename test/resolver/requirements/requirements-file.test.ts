import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRequirementsFile } from '../../../resolver/requirements/requirements-file.ts';

describe('lines', () => {
  const read = (text: string) =>
    parseRequirementsFile('r.txt', text).entries.map((entry) => [
      'text' in entry ? entry.text : `${entry.kind} of ${entry.path}`,
      entry.where.split(' ').at(-1),
    ]);

  test.each<[text: string, requirements: [string, string][]]>([
    ['', []],
    ['\n  \n# only a comment\n', []],
    [
      'a\r\nb\rc\n',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    [
      'a # comment\nb#c\n',
      [
        ['a', '1'],
        ['b#c', '2'],
      ],
    ],
    [
      'a \\\n  >=1 \\\n  ; python_version > "3"\nb',
      [
        ['a   >=1   ; python_version > "3"', '1'],
        ['b', '4'],
      ],
    ],
    ['# not continued \\\na', [['a', '2']]],
    ['a \\', [['a', '1']]],
    [
      'a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\nb',
      [
        ['a==1', '1'],
        ['b', '4'],
      ],
    ],
    ['--index-url https://u:p@h/\na', [['a', '2']]],
    [
      '-r b.txt\n-rc.txt\n  --requirement d/e.txt # why\n--requirement=f.txt\n-c g.txt\n--constraint ../h.txt',
      [
        ['requirements of b.txt', '1'],
        ['requirements of c.txt', '2'],
        ['requirements of d/e.txt', '3'],
        ['requirements of f.txt', '4'],
        ['constraints of g.txt', '5'],
        ['constraints of ../h.txt', '6'],
      ],
    ],
    [
      '-r "with a space.txt"\n-r \'a "quote".txt\'\n-r b.txt -c c.txt --pre',
      [
        ['requirements of with a space.txt', '1'],
        ['requirements of a "quote".txt', '2'],
        ['requirements of b.txt', '3'],
        ['constraints of c.txt', '3'],
      ],
    ],
    ['-r\n-c\n--requirements x\na -r b.txt', [['a', '4']]],
    [
      'a-b\nc -d',
      [
        ['a-b', '1'],
        ['c', '2'],
      ],
    ],
    ['a - b', [['a - b', '1']]],
  ])('%j', (text, requirements) => {
    expect(read(text)).toEqual(requirements);
  });

  test('options are named with their lines, and never with their values', () => {
    const hashes = 'a==1 --hash=sha256:00\n'.repeat(8);
    const { remarks } = parseRequirementsFile('r.txt', `${hashes}--index-url=https://u:secret@h/\n-r\n-e .`);
    expect(remarks.map(({ message }) => message)).toEqual([
      'r.txt, lines 1, 2, 3, 4, 5 and 3 more: --hash is skipped.',
      'r.txt, line 9: --index-url is skipped.',
      'r.txt, line 10: -r is skipped.',
      'r.txt, line 11: -e is skipped.',
    ]);
    expect(JSON.stringify(remarks)).not.toContain('secret');
  });

  test('many kinds of options are counted', () => {
    const names = Array.from({ length: 26 * 26 }, (_, at) =>
      String.fromCharCode(97 + (at % 26), 97 + at / 26),
    );
    const { remarks } = parseRequirementsFile('r.txt', names.map((name) => `--${name}`).join('\n'));
    expect(remarks.length).toBe(6);
    expect(remarks.at(-1)!.message).toBe('r.txt has 671 more kinds of options, which are skipped.');
  });
});

describe('what is hostile', () => {
  const PIECES = [
    '-r',
    '-c ',
    '--requirement=',
    '"',
    "'",
    ' ',
    '\\\n',
    '\n',
    '\r',
    '#',
    '=',
    '--hash',
    'a>=1',
    '\ud800',
    '\t',
  ];

  test('is read all the same, with every line in its place', () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })));
    fc.assert(
      fc.property(text, (pieces) => {
        const { entries } = parseRequirementsFile('r.txt', pieces.join(''));
        const lines = entries.map(({ where }) => Number(/^r\.txt, line (\d+)$/.exec(where)![1]));
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
        for (const entry of entries)
          expect('text' in entry ? entry.text.trim() : entry.path).toBeTypeOf('string');
      }),
      { numRuns: 20_000 },
    );
  });

  // Each has a megabyte; in more than linear time they would not come to an end.
  test.each(PIECES)('takes no longer than it is long: %j', (piece) => {
    for (const text of [
      piece.repeat(1_000_000 / piece.length),
      `-r ${piece.repeat(1_000_000 / piece.length)}x`,
    ]) {
      expect(parseRequirementsFile('r.txt', text).remarks.length).toBeLessThan(10);
    }
  });
});
