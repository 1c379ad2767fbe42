import { describe, expect, test } from 'vitest';
import { scanPython } from '../../../resolver/python/scan.ts';

/** Each import as `module when`, with `?` where the file survives its failure, and `@line:column`. */
function scan(source: string): string[] {
  return scanPython(source).imports.map(
    ({ module, level, names, when, guarded, line, column }) =>
      `${'.'.repeat(level)}${module}${names ? `(${names})` : ''} ${when}${guarded ? '?' : ''} @${line}:${column}`,
  );
}

// CPython's ast is asked about random programs, and about the files of the standard library.
test.each<[source: string, ...found: string[]]>([
  ['from ...a.b import c', '...a.b(c) always @1:1'],
  ['from .... import a', '....(a) always @1:1'],
  ['"""import x"""\n# import y\nz = "import w"'],
  ['import ﬁle', 'file always @1:8'],
  ['x = "😀"; import a', 'a always @1:17'],
  ['\timport a', 'a always @1:9'],
  [
    '\ufeffimport a\r\nimport b\rimport c\n\fimport d',
    'a always @1:8',
    'b always @2:8',
    'c always @3:8',
    'd always @4:9',
  ],
])('statements: %j', (source, ...found) => expect(scan(source)).toEqual(found));

test.each<[source: string, ...found: string[]]>([
  ["import importlib\nimportlib.import_module('a', p)", 'importlib always @1:8', 'a lazy @2:1'],
  [
    'from importlib import import_module as i, import_module\nimport_module("a")',
    'importlib(import_module,import_module) always @1:1',
    'a lazy @2:1',
  ],
  ['__import__("a")("b")  # import', 'a lazy @1:1'],
  ['__import__(name), __import__(f"a"), __import__(".a"), x.import_module("a"), my__import__("a")'],
])('calls: %j', (source, ...found) => expect(scan(source)).toEqual(found));

describe('references', () => {
  const references = (source: string, ...watched: string[]) =>
    scanPython(source, new Set(watched)).references.map(
      ({ name, typing, line, column }) => `${name}${typing ? ' typing' : ''} @${line}:${column}`,
    );

  test.each<[source: string, ...found: string[]]>([
    ['import t\nt.A()', 't.A @2:1'],
    ['import t.u\nx = t.u.A(t.B.c).d', 't.u.A @2:5', 't.B.c @2:11'],
    ['import t.u as v\nv.A', 't.u.A @2:1'],
    ['from t import A, b as c\nc.d', 't.A @1:15', 't.b @1:18', 't.b.d @2:1'],
    ['from t import *', 't.* @1:15'],
    ['if TYPE_CHECKING:\n from t import A', 't.A typing @2:16'],
    ['def f():\n import t\n return t.A', 't.A @3:9'],
    ['import u\nu.A\nfrom .t import A'],
    ['import t\nx.t.A\nt["A"].b'],
  ])('%j', (source, ...found) => expect(references(source, 't')).toEqual(found));

  test('are collected for watched modules only', () => {
    expect(references('import t, u\nt.A\nu.B', 'u')).toEqual(['u.B @3:1']);
    expect(references('import t\nt.A')).toEqual([]);
  });
});

describe('what is not Python', () => {
  const brokenAt = (source: string) => {
    const { broken } = scanPython(source);
    return broken && `${broken.line}:${broken.column}`;
  };

  test.each([
    ['import a\ndef f(:\n  pass\n', '2:7'],
    ['import a\nx = (1,\n', '3:1'],
    ['import a\nif x\n  pass\n', '2:5'],
    ['import a\nprint "x"\n', '2:1'],
    ['import a\nthis is no Python\n', '2:12'],
  ])('%j has a syntax error at %s', (source, place) => expect(brokenAt(source)).toBe(place));

  test.each([
    'import a\ndef f():\n  yield\n  x = yield\n',
    'import a\nx: tuple[*Ts]\ntype X[T = int] = T\n',
    'import a; type X = int; type Y[T] = T\nif True: type Z = int\nclass C: pass; type D = str\nelse_ = 1\n',
    'import a\ntry:\n  pass\nexcept A, B:\n  pass\n',
    'import a\nx = t"{a}"\n',
    'import a\nprint >> a, "b"\n',
    'import a\nx = "b"\\\n\ny = 1\n',
    'import a\nif x:\n  y = "b"\\\n  # c\n  z = 1\n',
  ])('%j has none', (source) => expect(brokenAt(source)).toBeNull());

  test('a continued string may contain what looks like a comment', () => {
    expect(scan('x = "a\\\n# b\\\nc"\nimport d\n')).toEqual(['d always @4:8']);
  });

  test('a long function of many comments ends where it ends', () => {
    const lines = '    # A comment.\n    x = "a text that makes it long"\n\n'.repeat(1_000);
    const source = `def f():\n${lines}    import a\nimport b\n`;
    expect(brokenAt(source)).toBeNull();
    expect(scan(source)).toEqual(['a lazy @3002:12', 'b always @3003:8']);
  });

  test('long sums and chains of calls are read', () => {
    const sum = `x = (\n${'    "a text that makes it long" +\n'.repeat(2_000)}"")\nimport a\n`;
    const chain = `x = (b\n${'    .and_so("on, and on")\n'.repeat(1_000)})\nimport a\n`;
    expect([brokenAt(sum), brokenAt(chain)]).toEqual([null, null]);
    expect([scan(sum), scan(chain)]).toEqual([['a always @2003:8'], ['a always @1003:8']]);
  });

  test('keeps the imports around it', () => {
    expect(scan('import a\ndef f(:\n  pass\nimport b\n')).toEqual(['a always @1:8', 'b always @4:8']);
  });
});
