import { describe, expect, test } from 'vitest';
import { decodeSource, MAX_SOURCE_BYTES } from '../../../resolver/python/source.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (bytes: Uint8Array) => {
  const source = decodeSource(bytes);
  return source.ok ? source.text : null;
};
const problem = (bytes: Uint8Array) => {
  const source = decodeSource(bytes);
  return source.ok ? null : source.problem;
};

describe('a file is read', () => {
  test.each([
    ['as UTF-8 by default', utf8('é'), 'é'],
    ['as UTF-8 without its mark', utf8('\ufeffé'), 'é'],
    [
      'as it declares on the first line',
      latin1('# -*- coding: latin-1 -*-\né'),
      '# -*- coding: latin-1 -*-\né',
    ],
    [
      'as it declares on the second line',
      latin1('#!x\n# coding=iso-8859-15\né'),
      '#!x\n# coding=iso-8859-15\né',
    ],
    [
      'as it declares after a blank line',
      latin1('\f \n# vim: fileencoding=cp1252\né'),
      '\f \n# vim: fileencoding=cp1252\né',
    ],
    ['as UTF-8 by all of its names', utf8('#coding: UTF_8\né'), '#coding: UTF_8\né'],
    ['as UTF-8 that is marked and declared', utf8('\ufeff# coding: utf-8\né'), '# coding: utf-8\né'],
    ['by an encoding that hosts lack', latin1('# coding: cp437\nimport a'), '# coding: cp437\nimport a'],
    ['in Japanese', latin1('# coding: shift_jis\n\x83\x41'), '# coding: shift_jis\nア'],
    ['without the third line', utf8('\n\n# coding: nonsense\né'), '\n\n# coding: nonsense\né'],
    [
      'without what code declares',
      utf8('x = 1 # coding: nonsense\n# coding: nonsense\né'),
      'x = 1 # coding: nonsense\n# coding: nonsense\né',
    ],
  ])('%s', (_, bytes, wanted) => expect(text(bytes)).toBe(wanted));
});

describe('a file is refused', () => {
  test.each([
    ['bytes that are not UTF-8', latin1('é'), 'is not UTF-8, but declares no other encoding'],
    [
      'bytes that are not what is declared',
      latin1('# coding: utf-8\né'),
      'declares the encoding utf-8, but is not encoded in it',
    ],
    [
      'an unknown encoding',
      utf8('# coding: nonsense\n'),
      'declares the encoding nonsense, which Python cannot read',
    ],
    [
      'an encoding that cannot declare itself',
      utf8('# coding: utf-16\n'),
      'declares the encoding utf-16, which Python cannot read',
    ],
    [
      'a mark and another encoding',
      utf8('\ufeff# coding: latin-1\n'),
      'declares the encoding latin-1, which Python cannot read',
    ],
    ['a NUL', utf8('import a\0'), 'contains a NUL character'],
    ['too much', new Uint8Array(MAX_SOURCE_BYTES + 1).fill(32), 'is larger than 4 MB'],
  ])('%s', (_, bytes, wanted) => expect(problem(bytes)).toBe(wanted));
});
