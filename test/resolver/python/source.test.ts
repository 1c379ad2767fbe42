import { describe, expect, test } from 'vitest';
import { decodeSource, MAX_SOURCE_BYTES } from '../../../resolver/python/source.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('a file is read', () => {
  test.each<[how: string, encoded: (text: string) => Uint8Array, text: string]>([
    ['as UTF-8 by default', utf8, 'é'],
    ['as it declares on the first line', latin1, '# -*- coding: latin-1 -*-\né'],
    ['as it declares on the second line', latin1, '#!x\n# coding=iso-8859-15\né'],
    ['as it declares after a blank line', latin1, '\f \n# vim: fileencoding=cp1252\né'],
    ['as UTF-8 by all of its names', utf8, '#coding: UTF_8\né'],
    ['by an encoding that hosts lack', latin1, '# coding: cp437\nimport a'],
    ['without the third line', utf8, '\n\n# coding: nonsense\né'],
    ['without what code declares', utf8, 'x = 1 # coding: nonsense\n# coding: nonsense\né'],
  ])('%s', (_, encoded, text) => expect(decodeSource(encoded(text))).toEqual({ ok: true, text }));

  test.each([
    ['without the mark of UTF-8', utf8('\ufeffé'), 'é'],
    ['with the mark and a declaration', utf8('\ufeff# coding: utf-8\né'), '# coding: utf-8\né'],
    ['in Japanese', latin1('# coding: shift_jis\n\x83\x41'), '# coding: shift_jis\nア'],
  ])('%s', (_, bytes, text) => expect(decodeSource(bytes)).toEqual({ ok: true, text }));
});

test.each([
  ['bytes that are not UTF-8', latin1('é'), 'is not UTF-8, but declares no other encoding'],
  ['UTF-16', Buffer.from('\ufeffé', 'utf16le'), 'is UTF-16, but declares no other encoding'],
  ['other bytes', latin1('# coding: utf-8\né'), 'declares the encoding utf-8, but is not encoded in it'],
  ...[
    ['an unknown encoding', '# coding: nonsense\n', 'nonsense'],
    ['an encoding that cannot declare itself', '# coding: utf-16\n', 'utf-16'],
    ['a mark and another encoding', '\ufeff# coding: latin-1\n', 'latin-1'],
  ].map(
    ([what, text, name]) =>
      [what!, utf8(text!), `declares the encoding ${name}, which Python cannot read`] as const,
  ),
  ['a NUL', utf8('import a\0'), 'contains a NUL character'],
  ['too much', new Uint8Array(MAX_SOURCE_BYTES + 1).fill(32), 'is larger than 4 MB'],
] as const)('a file is refused %s', (_, bytes, problem) =>
  expect(decodeSource(bytes)).toEqual({ ok: false, problem }),
);
