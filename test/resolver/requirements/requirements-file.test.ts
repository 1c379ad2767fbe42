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
      ],
    ],
    ['a -r b.txt', [['a', '1']]],
    [
      'a-b\nc -i d',
      [
        ['a-b', '1'],
        ['c', '2'],
      ],
    ],
    // As pip does it.
    ['a - b', [['a', '1']]],
  ])('%j', (text, requirements) => {
    expect(read(text)).toEqual(requirements);
  });

  test('options are named with their lines, and never with their values', () => {
    const options = 'a==1 --global-option=x\n'.repeat(8);
    const text = `${options}--index-url=https://u:secret@h/\n-r b.txt -c c.txt\n-e .\na - b`;
    const { remarks } = parseRequirementsFile('r.txt', text);
    expect(remarks.map(({ message }) => message)).toEqual([
      'r.txt, lines 1, 2, 3, 4, 5 and 3 more: --global-option is skipped.',
      'r.txt, line 9: --index-url is skipped.',
      'r.txt, line 10: --constraint is skipped.',
      'r.txt, line 11: --editable is skipped.',
      'r.txt, line 12: what follows a dash is skipped.',
    ]);
    expect(JSON.stringify(remarks)).not.toContain('secret');
  });

  test('hashes stay with their requirements', () => {
    const { entries, remarks } = parseRequirementsFile(
      'r.txt',
      'a==1 \\\n --hash=sha256:00 \\\n --hash=sha512:11\n',
    );
    expect(entries).toEqual([{ text: 'a==1', where: 'r.txt, line 1', hashes: ['sha256:00', 'sha512:11'] }]);
    expect(remarks).toEqual([]);
  });

  test('variables are expanded once, and no line without end', () => {
    const variable = (name: string) => `\${${name}}`;
    const read = (text: string) =>
      parseRequirementsFile('r.txt', text, (name) =>
        name === 'A' ? `${variable('A')}${variable('B')}` : 'b'.repeat(900_000),
      );
    expect(read(variable('A')).entries).toMatchObject([{ text: variable('A') + variable('B') }]);
    const [entry] = read(variable('B').repeat(10)).entries;
    expect(entry).toMatchObject({ text: variable('B').repeat(10) });
  });

  test('the first line that pip rejects is reported', () => {
    const { refused, entries } = parseRequirementsFile('r.txt', 'a\n--frob\n'.repeat(100));
    expect([refused.length, entries.length]).toEqual([20, 20]);
    expect(refused[0]).toEqual({
      code: 'malformed_requirements_file',
      message: 'pip has no option `--frob` in files.',
      fix: 'Leave it out.',
      where: 'r.txt, line 2',
    });
    expect(refused.at(-1)!.message).toBe(
      'pip has no option `--frob` in files. After 20 rejected lines, the rest is not read.',
    );
  });
});

describe('what is hostile', () => {
  const PIECES = [
    ...[
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
    ],
  ];

  test('is read with every line in order', () => {
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
  test.each(PIECES)('takes linear time: %j', (piece) => {
    for (const text of [
      piece.repeat(1_000_000 / piece.length),
      `-r ${piece.repeat(1_000_000 / piece.length)}x`,
    ]) {
      expect(parseRequirementsFile('r.txt', text).remarks.length).toBeLessThan(10);
    }
  });
});
