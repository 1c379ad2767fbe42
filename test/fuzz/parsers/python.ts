/** Python files: their encoding, what they import, and which packages have that. */
import { readdirSync, readFileSync } from 'node:fs';
import { checkImports } from '../../../resolver/python/index.ts';
import { scanPython } from '../../../resolver/python/scan.ts';
import { decodeSource } from '../../../resolver/python/source.ts';
import { hostOf } from '../../resolver/python/worker.ts';
import { bytesOf, type Parser } from '../parser.ts';

const folder = new URL('../../../data/patches/', import.meta.url);
const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.py'))
  .map((path) => readFileSync(new URL(path, folder), 'utf8'));
const watched = new Set(['threading', 'socket']);
const { host } = hostOf({ requirements: ['fastapi', 'httpx'] });

/** Whether all imports of a project of one file are available. */
function checks(source: string): boolean {
  const file = { path: 'package/entry.py', ...scanPython(source, host.watched), problem: null };
  const project = {
    files: [file],
    paths: ['package/__init__.py', file.path, 'yaml.py'],
    main: file.path,
    root: 'src',
    vendored: ['vendored/core.py'],
    requirements: [],
    requirementsFile: 'requirements.txt',
    places: [{ folder: 'vendor', files: ['vendored/core.py', 'a.pth'] }],
    sdk: 'runtime' as const,
    flags: FLAGS,
  };
  const check = checkImports(project, host);
  const hints = new Map(check.unknown.map((module) => [module, { packages: [module], fixes: [] }]));
  return check.report(hints).totals.errors === 0;
}

/** All flags with a reviewed effect, each on and off. */
const FLAGS = host.facts.flags.flatMap(({ field }) =>
  [true, false].map((on) => ({ field, enable: field, disable: null, on })),
);

/** Names that the runtime, the package set and the project know, to begin with. */
const MODULES = [
  ...['json', 'os.path', 'encodings', 'encodings.a', '_a', 'xml.etree', 'lib2to3', 'urllib2', 'asyncio'],
  ...['numpy', 'fastapi', 'workers', 'cloudflare', 'js', 'pyodide.ffi', 'package', 'yaml', 'vendored', 'src'],
];

const PIECES = [
  ...'a.,()*:;"\'{}[]\\#=+@é\n\t\f\r',
  ...['import ', 'from ', ' as ', '...', '\n    ', '\n  ', '\\\n', '\r\n', '# c\n'],
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
  ...['lambda', 'match x:', 'case ', 'yield', 'await ', 'async ', 'not ', 'print '],
  ...['"""', "f'", "t'", 'r"', '1.', '->', ':='],
  ...['__import__("a")', 'threading.Thread', 'importlib.import_module('],
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
    name: 'import check',
    share: 40,
    read: checks,
    samples: [
      'import json.a.a.a.a.a.a.a.a.a.a.a.a\nfrom ..yaml import a\nfrom encodings._a.b import c\n',
      'import fastapi, numpy.linalg, threading\nthreading.Thread()\nfrom . import entry\nimport polars, urllib2\n',
    ],
    pieces: ['import ', 'from ', ' import *', ' import a', ...'. .. , \n .a ._b .é'.split(' '), ...MODULES],
    make: (random) =>
      random
        .list(1, 4, () => {
          const parts = random.list(0, 200, () => random.pick(['.a', '._b', '.path', '.core']));
          return `import ${random.pick(MODULES)}${parts.join('')}`;
        })
        .join('\n'),
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
