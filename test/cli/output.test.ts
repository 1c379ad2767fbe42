import pc from 'picocolors';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PublicationOutcome } from '../../cli/ask/publish.ts';
import { outcomeLines } from '../../cli/commands/publish.ts';
import { closureLines } from '../../cli/commands/resolve.ts';
import { bytes, visible, wrap } from '../../cli/common/text.ts';
import { diagnosticLines } from '../../cli/print/remarks.ts';
import { fieldLines, nameLines, type Screen, screenOf, table } from '../../cli/print/table.ts';
import type { ResolveAnswer } from '../../resolver/answer.ts';
import { totalsOf } from '../../resolver/closure/prepare.ts';
import { fixed } from '../../resolver/issues/fixes.ts';

const plain = (columns: number | null): Screen => ({ columns, colors: pc.createColors(false) });
const colored: Screen = { columns: 80, colors: pc.createColors(true) };

const answer = (packages: ResolveAnswer['packages']): ResolveAnswer => ({
  registry: { revision: 1, digest: '' },
  answer_version: 1,
  target: {
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    workerd_flags: ['python_workers'],
    as_of: '2026-11-20',
    runtime: {
      id: '0.28.2',
      pyodide: '0.28.2',
      python: '3.13.2',
      abi: '2025_0',
      platform: 'emscripten_4_0_9',
      workerd_bundle: null,
    },
    package_set: {
      flag: 'python_3.13_packages_2025_08_08',
      released: '2025-08-08',
      digest: '',
      delivery: { by: 'python_modules', reason: { code: '', message: 'Three.' } },
    },
    reasons: { runtime: { code: '', message: 'One.' }, package_set: { code: '', message: 'Two.' } },
    moved_forward: null,
    diagnostics: [],
  },
  packages,
  totals: totalsOf(packages),
  diagnostics: [],
});

const member = (name: string, size: number | null, parents: string[] = []): ResolveAnswer['packages'][0] => ({
  name,
  version: '1.0',
  evidence: null,
  kind: 'package',
  requested: parents.length === 0,
  required_by: parents,
  depends: [],
  wheel: { filename: `${name}.whl`, url: '', upstream_url: null, sha256: '', size, patched: null },
});

test('the changes of a publication are broken on a terminal, and are one line each in a file', () => {
  const selected = { pyodide: '314.0.6', python: '3.14.2', moved_from: null };
  const outcome: PublicationOutcome = {
    status: 'checked',
    publication: {
      ...{ day: '', digest: '', index: '', root: '' },
      revision: 51,
      kind: 'set',
      name: 'python_3.14_packages_2026_11_21',
    },
    changes: [
      {
        compatibility_flags: ['python_workers', 'python_workers_20260610', 'no_python_workers_314'],
        ...{ from: '2026-11-22', until: null, as_of: '2026-11-21' },
        before: { ...selected, package_set: 'python_3.14_packages_2026_11_20' },
        after: { ...selected, package_set: 'python_3.14_packages_2026_11_21' },
      },
    ],
    other_bytes: [],
  };
  const lines = outcomeLines(outcome, plain(80));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const [first, ...rest] = outcomeLines(outcome, plain(null));
  expect([first, rest]).toEqual([
    'set python_3.14_packages_2026_11_21 is valid: it would be revision 51.',
    [
      `  ${lines
        .slice(1)
        .map((line) => line.trim())
        .join(' ')}`,
    ],
  ]);
});

describe('a closure', () => {
  const packages = [
    member('a'.repeat(60), 1_234_567, ['b', 'cc', 'ddd', 'eeee', 'fffff']),
    member('numpy', 999),
    member('httpx', null, ['numpy']),
  ];

  test('does not break names if lines may have any length', () => {
    const lines = closureLines(answer(packages), plain(null));
    expect(lines.slice(lines.indexOf('') + 1)).toEqual([
      `Package${' '.repeat(55)}Version    Size  Why`,
      `${'a'.repeat(60)}  1.0      1.2 MB  required by b, cc, ddd +2 more`,
      `numpy${' '.repeat(57)}1.0       999 B  requested`,
      `httpx${' '.repeat(57)}1.0              required by numpy`,
      '',
      '3 packages, 1.2 MB and 1 file of unknown size',
    ]);
  });

  test.each([
    [[1_234_567], 'A Worker that includes it has at most 66 MB left of its 67 MB (64 MiB).'],
    [[1_234_000, 567], 'A Worker that includes them has at most 66 MB left of its 67 MB (64 MiB).'],
    [[70_000_000], 'It is more than the 67 MB (64 MiB) that a Worker may have.'],
    [[70_000_000, 1], 'They are more than the 67 MB (64 MiB) that a Worker may have.'],
  ])('of %j bytes says what is left of a Worker that vendors it', (sizes, room) => {
    const vendored = answer(sizes.map((size, at) => member(`numpy${at}`, size)));
    vendored.target.package_set.delivery.by = 'python_modules';
    expect(closureLines(vendored, plain(80)).at(-1)).toBe(room);
    vendored.target.package_set.delivery.by = 'workerd';
    expect(closureLines(vendored, plain(80)).at(-1)).toMatch(/^\d packages?, /);
  });

  test.each([20, 40, 60, 80, 120])('does not break words on a terminal of %i columns', (columns) => {
    const lines = closureLines(answer(packages), plain(columns));
    const rows = lines.slice(lines.indexOf('') + 1, lines.lastIndexOf(''));
    const words = new Set(rows.join(' ').split(' '));
    for (const { name } of packages) expect(words).toContain(name);
    expect(rows.join('')).not.toContain('…');
    // A terminal that is narrower than the longest word gets lines of its length.
    const least = 60 + 2 + 'Version'.length + 2 + 'Size'.length;
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(Math.max(columns, least));
    expect(rows.length > 4).toBe(columns < 120);
  });

  test('stays aligned with colours', () => {
    const lines = closureLines(answer(packages.slice(1)), colored);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
    const bare = lines.map((line) => line.replace(/\x1b\[\d+m/g, ''));
    expect(bare).toEqual(closureLines(answer(packages.slice(1)), plain(80)));
    expect(lines.join('')).toContain('\x1b[1m\x1b[32mnumpy\x1b[39m\x1b[22m');
  });

  test("prints a registry's control characters as escapes", () => {
    const hostile = answer([member('evil\x1b[2J\nerror: forged', 1)]);
    hostile.target.reasons.runtime.message = '\x1b]0;title\x07';
    hostile.diagnostics.push({
      severity: 'info',
      code: '',
      message: 'a\nerror: forged',
      ...fixed('b\r\x9b'),
    });
    const lines = closureLines(hostile, plain(null));
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});

test('a table wraps between words, and its last column moves below if that is not enough', () => {
  const columns = [
    { title: 'Flag', text: (row: string[]) => row[0]! },
    { title: 'Dates', text: (row: string[]) => row[1]! },
    { title: 'Off by', text: (row: string[]) => row[2]! },
  ];
  const rows = [['python_workers_314', 'from 2026-09-08 on', 'no_python_workers_314']];
  expect(table(columns, rows, plain(60))).toEqual([
    'Flag                Dates              Off by',
    'python_workers_314  from 2026-09-08    no_python_workers_314',
    '                    on',
  ]);
  expect(table(columns, rows, plain(40))).toEqual([
    'Flag                Dates',
    '    Off by',
    'python_workers_314  from 2026-09-08 on',
    '    no_python_workers_314',
  ]);
});

test('a number stays with its unit where a table is narrow', () => {
  const columns = [
    { title: 'Package', text: () => 'numcodecs' },
    { title: 'Size', text: () => '524 kB', align: 'right' as const },
  ];
  expect(table(columns, [0], plain(15))).toEqual(['Package', '    Size', 'numcodecs', '    524 kB']);
});

test('issues are wrapped on a terminal, but not excerpts of the input', () => {
  const issue = {
    severity: 'error' as const,
    message: 'Expected a comma, `;` or the end, found `x`, at column 9:\n    fastapi x\n            ^',
    ...fixed('Write a comma.'),
    where: 'r.txt, line 3',
  };
  expect(diagnosticLines([issue], plain(40))).toEqual([
    'error: Expected a comma, `;` or the end,',
    '       found `x`, at column 9:',
    '      fastapi x',
    '              ^',
    '  in:  r.txt, line 3',
    '  fix: Write a comma.',
  ]);
});

test('each line of a list, and where it comes from, is wrapped on a terminal', () => {
  const issue = {
    severity: 'error' as const,
    message:
      '2 requirements are not needed in a Worker:\ncelery: its workers are processes.\nuvicorn: it serves.',
    ...fixed('Leave them out.'),
    where: 'requirements.txt, line 3; requirements.txt, line 4',
  };
  expect(diagnosticLines([issue], plain(32))).toEqual([
    'error: 2 requirements are not',
    '       needed in a Worker:',
    '  celery: its workers are',
    '    processes.',
    '  uvicorn: it serves.',
    '  in:  requirements.txt, line 3;',
    '       requirements.txt, line 4',
    '  fix: Leave them out.',
  ]);
});

test('on forty columns, a heading is broken, too', () => {
  const lines = nameLines('Flags about Python that change, which -v explains', ['a'], plain(40));
  expect(lines).toEqual(['Flags about Python that change, which -v', 'explains (1)', '  a']);
});

test('on forty columns, values and cells that do not fit are below', () => {
  const flag = 'python_3.13_packages_2025_08_08';
  const fields = [{ label: 'Package set', value: flag }];
  expect(fieldLines(fields, plain(40))).toEqual(['Package set', `  ${flag}`]);
  expect(fieldLines(fields, plain(80))).toEqual([`Package set  ${flag}`]);
  const columns = [
    { title: 'Package flag', text: () => flag },
    { title: 'Dated', text: () => '2025-08-08' },
    { title: 'Python', text: () => '3.13.2' },
  ];
  expect(table(columns, [0], plain(40))).toEqual([
    'Package flag',
    '    Dated, Python',
    flag,
    '    Dated 2025-08-08, Python 3.13.2',
  ]);
});

describe('colours', () => {
  const terminal = { isTTY: true, columns: 100 } as NodeJS.WriteStream;
  const pipe = { isTTY: false } as NodeJS.WriteStream;
  const colorful = (stream: NodeJS.WriteStream) => screenOf(stream).colors.isColorSupported;
  afterEach(() => vi.unstubAllEnvs());

  test('are for terminals, unless NO_COLOR is set', () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('TERM', 'xterm');
    expect([colorful(terminal), colorful(pipe)]).toEqual([true, false]);
    vi.stubEnv('NO_COLOR', '1');
    expect(colorful(terminal)).toBe(false);
    vi.stubEnv('NO_COLOR', '');
    expect(colorful(terminal)).toBe(true);
    vi.stubEnv('TERM', 'dumb');
    expect(colorful(terminal)).toBe(false);
  });

  test('are where FORCE_COLOR asks for them', () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('TERM', 'dumb');
    vi.stubEnv('FORCE_COLOR', '1');
    expect([colorful(terminal), colorful(pipe)]).toEqual([true, true]);
    vi.stubEnv('NO_COLOR', '1');
    expect(colorful(pipe)).toBe(false);
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('TERM', 'xterm');
    vi.stubEnv('FORCE_COLOR', '0');
    expect([colorful(terminal), colorful(pipe)]).toEqual([false, false]);
  });

  test('only a terminal has a width', () => {
    expect([screenOf(terminal).columns, screenOf(pipe).columns]).toEqual([100, null]);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [9_950, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [12_345_678, '12 MB'],
])('%i bytes are %s', (size, text) => {
  expect(bytes(size)).toBe(text);
});

test('lines break only between words', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('incomprehensibilities are long', 5)).toEqual(['incomprehensibilities', 'are', 'long']);
  expect(wrap('', 5)).toEqual(['']);
});

test('control characters are shown as escapes', () => {
  expect(visible('a\tb\x1b\u202e\u2028\ud800\u{e0001}ü→')).toBe(
    'a\\u{9}b\\u{1b}\\u{202e}\\u{2028}\\u{d800}\\u{e0001}ü→',
  );
});
