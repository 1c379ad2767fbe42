import { describe, expect, test } from 'vitest';
import { pathIssue, sameFileKey } from '../../../resolver/archives/entry-path.ts';

test.each([
  'a',
  'a/b/c.py',
  '.hidden',
  'a..b/...c',
  'with space/and, comma (1).txt',
  'ünï/文件.py',
  'console.py',
  'com10.py',
  'auxiliary/nul_.py',
  'a/@~+!#$%&=[]{}^`.py',
  'x'.repeat(255),
])('%s is fine', (path) => {
  expect(pathIssue(path)).toBeNull();
});

test.each<[path: string, issue: string]>([
  ['../a', 'leads out of its folder'],
  ['a/../b', 'leads out of its folder'],
  ['..', 'leads out of its folder'],
  ['/etc/passwd', 'is absolute'],
  ['//host/share', 'is absolute'],
  ['C:/a', 'begins with a drive letter'],
  ['c:a', 'begins with a drive letter'],
  ['a/b:stream', 'has a colon'],
  ['a\\b', 'has a backslash'],
  ['..\\a', 'has a backslash'],
  ['', 'has an empty part'],
  ['a//b', 'has an empty part'],
  ['a/', 'has an empty part'],
  ['./a', 'has an empty part'],
  ['a/./b', 'has an empty part'],
  ['a\0b', 'has a control character'],
  ['a\nb', 'has a control character'],
  ['a\x7f', 'has a control character'],
  ['a\u0085', 'has a control character'],
  ['a\ud800', 'has a control character'],
  ['a./b', 'has a part that ends with a dot or a space'],
  ['a /b', 'has a part that ends with a dot or a space'],
  ['nul', 'is a device on Windows'],
  ['a/CON.py', 'is a device on Windows'],
  ['lib/Aux.tar.gz', 'is a device on Windows'],
  ['COM1', 'is a device on Windows'],
  ['lpt¹.txt', 'is a device on Windows'],
  ['conin$', 'is a device on Windows'],
  ['x'.repeat(256), 'has a part of more than 255 characters'],
  ['x/'.repeat(600), 'is longer than 1024 characters'],
])('%j is refused', (path, issue) => {
  expect(pathIssue(path)).toBe(issue);
});

describe('names that some file system cannot distinguish', () => {
  test.each([
    ['a/B.py', 'A/b.py'],
    ['straße', 'STRASSE'],
    ['é', 'e\u0301'],
    ['Ǆ', 'ǆ'],
    ['ﬁle', 'FILE'],
    ['Å', '\u212b'],
  ])('%s and %s', (path, other) => {
    expect(sameFileKey(path)).toBe(sameFileKey(other));
  });

  test('other names differ', () => {
    const names = ['a', 'b', 'aa', 'a.py', 'a_', 'é', 'e', 'ß', 's'];
    expect(new Set(names.map(sameFileKey)).size).toBe(names.length);
  });
});
