import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRequirementsFile } from '../../../resolver/cli/input/requirements-file.ts';
import { installPinwheel, type Pinwheel, TARGET } from './pinwheel.ts';

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

describe('the command', () => {
  let pinwheel: Pinwheel;
  beforeAll(async () => {
    pinwheel = await installPinwheel();
  });
  afterAll(() => pinwheel.remove());

  test('reads several files and standard input, after the requirements that it is given', async () => {
    const cwd = await pinwheel.folderWith({ 'a.txt': 'httpx', 'b/c.txt': 'jinja2' });
    const args = ['resolve', 'numpy', '-r', 'a.txt', '-r', 'b/c.txt', '-r', '-', ...TARGET, '--json'];
    const { stdout } = await pinwheel.run(args, { cwd, input: '\uFEFFsix\n' });
    const requested = JSON.parse(stdout).packages.filter((one: { requested: boolean }) => one.requested);
    expect(requested.map(({ name }: { name: string }) => name).sort()).toEqual([
      'httpx',
      'jinja2',
      'numpy',
      'six',
    ]);
  });

  test('says what it skips, and where a requirement is that it cannot read', async () => {
    const cwd = await pinwheel.folderWith({
      'r.txt': '--extra-index-url https://u:p@h/\n\nfastapi\nnumpy=1\n-e .\nx @ git+https://h/x\n',
    });
    const { code, stderr } = await pinwheel.run(['resolve', '-r', 'r.txt', ...TARGET], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatchInlineSnapshot(`
      "warning: r.txt, line 1: --extra-index-url is skipped.
        fix: Nothing needs to be done: a package set says itself which wheels it has and where they are.
      warning: r.txt, line 5: -e is skipped.
        fix: Leave it out: a local project goes into the Worker as it is.
      error: Expected a specifier such as >=1.0, \`;\` or the end, found \`=\`, at column 6:
            numpy=1
                 ^
        in:  r.txt, line 4
        fix: Write == in the place of =.
      error: A URL is not accepted as a requirement, at column 3:
            x @ git+https://h/x
              ^
        in:  r.txt, line 6
        fix: Write the name of the package, with or without a version: a package set pins each of its packages to one wheel.
      "
    `);
  });

  test('answers with warnings beside the answer', async () => {
    const cwd = await pinwheel.folderWith({ 'r.txt': 'six==1.17.0 --hash=sha256:00\n' });
    const args = ['resolve', '-r', 'r.txt', ...TARGET, '--json'];
    const { code, stdout, stderr } = await pinwheel.run(args, { cwd });
    expect({ code, names: JSON.parse(stdout).totals.packages }).toEqual({ code: 0, names: 1 });
    const { severity, message } = JSON.parse(stderr);
    expect([severity, message]).toEqual(['warning', 'r.txt, line 1: --hash is skipped.']);
  });

  test('refuses a file that is too large, and a list that is too long', async () => {
    const cwd = await pinwheel.folderWith({
      'large.txt': '#'.repeat(1_000_001),
      'long.txt': 'a\n'.repeat(400_000),
    });
    const large = await pinwheel.run(['resolve', '-r', 'large.txt', ...TARGET], { cwd });
    expect(large).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('large.txt is larger than 1 MB.'),
    });
    const long = await pinwheel.run(['resolve', '-r', 'long.txt', ...TARGET], { cwd });
    expect(long).toMatchObject({ code: 1, stderr: expect.stringContaining('There are 400000 requirements') });
  });

  test('an empty file is a question that requires nothing', async () => {
    const { code, stdout } = await pinwheel.run(['resolve', '-r', '-', ...TARGET, '--json'], {
      input: '# none\n',
    });
    expect({ code, packages: JSON.parse(stdout).packages }).toEqual({ code: 0, packages: [] });
  });
});
