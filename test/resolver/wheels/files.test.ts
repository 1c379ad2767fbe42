/** What is read from a wheel: METADATA, RECORD and the modules among its files. */
import { describe, expect, test } from 'vitest';
import { modulesAmong, parseMetadata, parseRecord } from '../../../resolver/wheels/files.ts';

describe('METADATA', () => {
  test('reads the name, version and requirements of a wheel', () => {
    const text = [
      'Metadata-Version: 2.4',
      'Name: Demo.Package',
      'Version: 1.0',
      'requires-python: >=3.10',
      'Requires-Dist: a>=1;\r',
      '  python_version < "3.13"',
      'Requires-Dist: b [x]',
      'Provides-Extra: dev',
      'Description: Requires-Dist: not-this',
      '',
      'Requires-Dist: nor-this',
    ].join('\n');
    expect(parseMetadata(text)).toEqual({
      metadata_version: '2.4',
      name: 'Demo.Package',
      version: '1.0',
      requires_python: '>=3.10',
      requires_dist: ['a>=1; python_version < "3.13"', 'b [x]'],
      provides_extra: ['dev'],
    });
  });

  test('is null without headers', () => {
    const nothing = {
      metadata_version: null,
      name: null,
      version: null,
      requires_python: null,
      requires_dist: [],
      provides_extra: [],
    };
    for (const text of ['', '\n\nName: x', ' Name: x', '<!doctype html>', 'Name']) {
      expect(parseMetadata(text)).toEqual(nothing);
    }
  });
});

test('the modules of a wheel: packages, modules, compiled ones, namespaces, and those in its data folder', () => {
  const paths = `django/__init__.py django/conf/locale/de/formats.py six.py
    _cffi_backend.cpython-313-wasm32-emscripten.so lzma/_lzma.abi3.so google/protobuf/__init__.py
    tool-1.0.data/purelib/tool/__init__.py tool-1.0.data/scripts/run.py tool-1.0.dist-info/METADATA
    tool-1.0.dist-info/licenses/LICENSE.py numpy.libs/libfoo.so share/readme.txt my-scripts/a.py
    README.py.txt`.split(/\s+/);
  expect(modulesAmong(paths)).toEqual(['_cffi_backend', 'django', 'google', 'lzma', 'six', 'tool']);
});

describe('RECORD', () => {
  test('lines are a path, a hash and a size', () => {
    const text =
      'a/b.py,sha256=abc_-,12\r\n' +
      '"with, comma ""quoted"".py",SHA512=def==,\n' +
      '\n' +
      'x.dist-info/RECORD,,\n' +
      'last,md5=0,1';
    expect([...parseRecord(text)!]).toEqual([
      ['a/b.py', { algorithm: 'sha256', digest: 'abc_-', size: '12' }],
      ['with, comma "quoted".py', { algorithm: 'sha512', digest: 'def', size: '' }],
      ['x.dist-info/RECORD', null],
      ['last', { algorithm: 'md5', digest: '0', size: '1' }],
    ]);
    expect(parseRecord('')).toEqual(new Map());
  });

  test.each(['a', 'a,b', 'a,nohash,1', 'a,sha256=x,1,more', '"a,sha256=x,1', '"a"b,sha256=x,1', '<html>'])(
    '%j is not a RECORD',
    (text) => {
      expect(parseRecord(text)).toBeNull();
    },
  );

  test('takes linear time: quadratic time would take hours, and exceed the limit', () => {
    expect(parseRecord(`"${'""'.repeat(1_000_000)}`)).toBeNull();
    expect(parseRecord(`${'a'.repeat(2_000_000)}`)).toBeNull();
  });
});
