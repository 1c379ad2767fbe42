/** Python files: their encoding, and what they import. */
import { readdirSync, readFileSync } from 'node:fs';
import { scanPython } from '../../../resolver/python/scan.ts';
import { decodeSource } from '../../../resolver/python/source.ts';
import { bytesOf, type Parser } from '../parser.ts';

const folder = new URL('../../../data/patches/', import.meta.url);
const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.py'))
  .map((path) => readFileSync(new URL(path, folder), 'utf8'));
const watched = new Set(['threading', 'socket']);

const PIECES = [
  ...[
    'import ',
    'from ',
    ' as ',
    'a',
    '.',
    '...',
    ',',
    '(',
    ')',
    '*',
    ':',
    ';',
    '\n',
    '\n    ',
    '\n  ',
    '\t',
    '\f',
  ],
  ...[
    'if ',
    'else:',
    'try:',
    'except ImportError:',
    'with ',
    'suppress(',
    'TYPE_CHECKING',
    'def f():',
    'class A:',
  ],
  ...[
    'lambda',
    'match x:',
    'case ',
    'yield',
    'await ',
    'async ',
    'not ',
    '"',
    '"""',
    "'",
    "f'",
    "t'",
    'r"',
    '{',
  ],
  ...[
    '}',
    '[',
    ']',
    '\\',
    '\\\n',
    '#',
    '1.',
    '=',
    '+',
    '@',
    '->',
    ':=',
    '__import__("a")',
    'threading.Thread',
  ],
  ...['importlib.import_module(', 'print ', 'é', '\r', '\r\n', '# c\n'],
];

export const pythonParsers: readonly Parser[] = [
  {
    name: 'import scan',
    share: 60,
    // A text without the word is not even parsed.
    read: (text) => scanPython(`import a\n${text}`, watched).broken === null,
    samples,
    pieces: PIECES,
    longest: 24_000,
  },
  {
    name: 'source encoding',
    share: 40,
    read: (text) => decodeSource(bytesOf(text)).ok,
    samples: [
      '# -*- coding: latin-1 -*-\nimport a',
      '\xef\xbb\xbf#!/usr/bin/python\n# vim: set fileencoding=utf-8 :\n',
    ],
    pieces: [
      '#',
      'coding:',
      'coding=',
      'utf-8',
      'latin-1',
      'cp932',
      'rot13',
      '\n',
      '\r',
      ' ',
      '\xef\xbb\xbf',
      '\xff',
    ],
    longest: 64_000,
  },
];
