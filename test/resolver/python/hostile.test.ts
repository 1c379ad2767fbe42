/** Scanning any file ends, and throws nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanPython } from '../../../resolver/python/scan.ts';
import { decodeSource } from '../../../resolver/python/source.ts';

const watched = new Set(['threading']);
const SIZE = 1_000_000;
const fill = (text: string, size = SIZE) => text.repeat(Math.ceil(size / text.length)).slice(0, size);

/** Difficult texts, most of them one line of a megabyte. */
const HOSTILE: Record<string, string> = {
  parentheses: `import a\n${fill('(')}`,
  'parentheses that close': `import a\nx = ${'('.repeat(SIZE / 2)}${')'.repeat(SIZE / 2)}\nimport b`,
  'calls that call': `import a\n${fill('__import__("a")(')}`,
  'a chain of calls': `import a\nx = f${fill('()')}`,
  'a chain of attributes': `import threading\nx = threading${fill('.a')}`,
  'a chain of attributes that is called': `import threading\nx = threading${fill('.a')}()${fill('.b')}`,
  lambdas: `import a\nx = ${fill('lambda: ')}`,
  'strings in strings': `import a\n${fill('f"{')}`,
  'a string without an end': `import a\nx = """${fill('x')}`,
  sums: `import a\nx = 1${fill('+1')}`,
  'negations of much': `import a\nx = ${'not '.repeat(2_600)}(${'[1,"b"],'.repeat(20_000)})`,
  'sums in sums': `import a\nx = ${'('.repeat(60)}1${`${'+1xxxx'.repeat(250)})`.repeat(60)}`,
  signs: `import a\nx = ${fill('-')}1`,
  yields: `import a\n${fill('yield\n')}`,
  'targets without an end': `import a\n${fill('as (a,')}`,
  'a suppress without an end': `with ${fill('suppress(')}:\n import a`,
  'a test without an end': `if ${fill('(')}TYPE_CHECKING:\n import a`,
  'imports on one line': fill('import a;'),
  'imports behind wide characters': fill('"😀";import a;'),
  'names in one import': `import ${fill('a,')}`,
  dots: `from ${fill('.')} import a`,
  blocks:
    Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}try:\n`).join('') +
    ' '.repeat(900) +
    'import a\n',
  branches: `if x: import a\n${fill('elif x: import a\n')}`,
  'tests of the version': `import sys\nif x: pass\n${fill('elif sys.version_info < (3, 5): import a\n')}`,
  continuations: `import a${fill('\\\n')}`,
  'form feeds and tabs': fill('\f\timport a\n'),
  returns: fill('import a\r'),
  NULs: `import a${fill('\0')}`,
};

test.each(Object.keys(HOSTILE))('a megabyte of %s', (name) => {
  const { imports, references, broken } = scanPython(HOSTILE[name]!, watched);
  expect(imports.length).toBeLessThanOrEqual(SIZE / 2);
  expect(references.length).toBeLessThanOrEqual(SIZE / 2);
  for (const { line, column } of [...imports.slice(0, 10), ...(broken ? [broken] : [])]) {
    expect(Math.min(line, column)).toBeGreaterThan(0);
  }
});

test('unterminated text has its error where it should have ended', () => {
  const brokenAt = (name: string) => scanPython(HOSTILE[name]!).broken;
  expect(brokenAt('parentheses')).toEqual({ line: 2, column: SIZE + 1 });
  expect(brokenAt('strings in strings')).toEqual({ line: 2, column: SIZE + 1 });
  expect(brokenAt('a string without an end')).toEqual({ line: 2, column: 5 });
  expect(brokenAt('yields')).toBeNull();
});

test('ten megabytes in one line are rejected', () => {
  expect(decodeSource(new TextEncoder().encode(fill('import a;', 10_000_000)))).toEqual({
    ok: false,
    problem: 'is larger than 4 MB',
  });
});

describe('anything', () => {
  const token = fc.constantFrom(
    ...'a.,()*:;"{}[]\\#=@é😀\n\t\f\r\0',
    ...['import ', 'from ', ' as ', 'threading', '...', '\n ', '\n  ', '"""', "f'", '1.', '\ud800'],
    ...['if ', 'else', 'try', 'except ', 'ImportError', 'with ', 'suppress(', 'TYPE_CHECKING'],
    ...['def f()', 'class A', 'lambda', 'yield', '__import__("a")'],
  );
  test('that looks like Python', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
        const { imports } = scanPython(tokens.join(''), watched);
        for (const { module, level, names } of imports)
          expect(module !== '' || (level > 0 && names)).toBeTruthy();
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });

  test('made of bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const source = decodeSource(bytes);
        if (source.ok) scanPython(`import a\n${source.text}`, watched);
        else expect(source.problem).not.toBe('');
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });
});
