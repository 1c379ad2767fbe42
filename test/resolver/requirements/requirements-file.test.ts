import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRequirementsFile } from '../../../resolver/requirements/requirements-file.ts';

describe('lines', () => {
  const read = (text: string) =>
    parseRequirementsFile('r.txt', text).entries.map((entry) => [
      'text' in entry ? entry.text : `${entry.kind} of ${entry.path}`,
      entry.where.split(' ').at(-1),
    ]);

  // pip reads random files: test/cli/pip-oracle.test.ts.
  test('are requirements, or name files, with the line that they begin on', () => {
    const text = 'a \\\n  >=1\nb#c # why\n--index-url https://u:p@h/\n-r "d e.txt" -c no.txt\n-c ../f.txt';
    expect(read(text)).toEqual([
      ['a   >=1', '1'],
      ['b#c', '3'],
      ['requirements of d e.txt', '5'],
      ['constraints of ../f.txt', '6'],
    ]);
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
