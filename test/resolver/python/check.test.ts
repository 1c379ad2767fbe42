/** Where imports lead, and what is said of those that lead nowhere, with real package sets and runtimes. */

import { describe, expect, test } from 'vitest';
import { advice } from '../../../resolver/issues/fixes.ts';
import { check, findings, lineOf, type Pyodide } from './worker.ts';

describe('an import is resolved to', () => {
  const from = (source: string, worker = {}) =>
    check({ sources: { 'entry.py': source }, ...worker }).modules.map((used) =>
      `${used.module} ${used.from} ${used.packages.join()}`.trimEnd(),
    );

  test.each<[source: string, ...modules: string[]]>([
    ['import asyncio, json', 'asyncio standard_library', 'json standard_library'],
    [
      'import os.path, xml.etree.ElementTree as e',
      'os.path standard_library',
      'xml.etree.ElementTree standard_library',
    ],
    ['from concurrent import futures', 'concurrent standard_library'],
    ['import yaml, _yaml', '_yaml package pyyaml', 'yaml package pyyaml'],
    ['from bs4 import BeautifulSoup', 'bs4 package beautifulsoup4'],
    ['import sqlalchemy.orm', 'sqlalchemy.orm package sqlalchemy'],
    ['import ssl', 'ssl package ssl'],
    ['import workers, js', 'js runtime', 'workers runtime'],
    ['from pyodide.ffi import to_js', 'pyodide.ffi runtime'],
    ['import nothing', 'nothing nowhere'],
  ])('%j', (source, ...modules) => expect(from(source)).toEqual(modules));

  test('a package of a namespace, by the imported name', () => {
    const arro3 = { pyodide: '0.27.3' as const };
    expect(from('from arro3 import core, io\nimport arro3.compute.x', arro3)).toEqual([
      'arro3.compute.x package arro3-compute',
      'arro3.core package arro3-core',
      'arro3.io package arro3-io',
    ]);
    expect(from('import arro3', arro3)).toEqual(['arro3 nowhere']);
  });

  test('a package has its part of a namespace, though its lock names the whole', () => {
    const worker = { pyodide: '314.0.6' as const };
    const source =
      'from google import protobuf\nfrom google.cloud import storage\nimport google.protobuf.message';
    expect(from(source, worker)).toEqual([
      'google.cloud nowhere',
      'google.protobuf package protobuf',
      'google.protobuf.message package protobuf',
    ]);
    expect(from('import google.cloud')).toEqual(['google.cloud nowhere']);
    expect(from('from ruamel import yaml, std', worker)).toEqual([
      'ruamel.std nowhere',
      'ruamel.yaml package ruamel-yaml',
    ]);
  });

  test('the project first, then vendored modules, then packages', () => {
    const vendored = ['yaml/__init__.py', 'numpy/core.so', 'google/cloud/x.py'];
    const source = 'import yaml, numpy, google.cloud, httpx';
    expect(from(source, { vendored })).toEqual([
      'google.cloud vendored',
      'httpx package httpx',
      'numpy vendored',
      'yaml vendored',
    ]);
    expect(from(source, { vendored, paths: ['entry.py', 'yaml.py', 'httpx/client.py'] })).toEqual([
      'google.cloud vendored',
      'numpy vendored',
    ]);
  });

  test('a requirement that the package set does not have', () => {
    const requirements = ['stripe', 'python-dotenv'];
    expect(from('import stripe, dotenv', { requirements })).toEqual([
      'dotenv requirement',
      'stripe requirement',
    ]);
    expect(findings('import stripe, dotenv', { requirements })).toEqual([]);
  });

  test('the SDK under its old name in the oldest runtime', () => {
    expect(from('import cloudflare.workers', { pyodide: '0.26.0a2' })).toEqual([
      'cloudflare.workers runtime',
    ]);
    expect(from('from cloudflare import workers', { pyodide: '0.26.0a2' })).toEqual(['cloudflare runtime']);
    expect(from('import cloudflare.workers')).toEqual(['cloudflare.workers nowhere']);
  });
});

describe('a package that is imported', () => {
  test('has to be required', () => {
    expect(findings('import yaml\nimport numpy, re', { requirements: ['pyyaml'] })).toMatchInlineSnapshot(`
      [
        "2:8 error unlisted_package: numpy 2.3.1 is in the package set, but nothing requires it. (Add numpy to requirements.txt.)",
      ]
    `);
  });

  test('should not only be required by another', () => {
    expect(
      findings('import fastapi, pydantic, yaml', { requirements: ['fastapi', 'pyyaml'] }),
    ).toMatchInlineSnapshot(`
      [
        "1:17 info transitive_package: pydantic is here only because fastapi needs it. (Add pydantic to requirements.txt.)",
      ]
    `);
    // It is required, in another version.
    expect(findings('import fastapi, pydantic', { requirements: ['fastapi', 'pydantic>99'] })).toEqual([]);
    // What needs it is required in another version.
    expect(findings('import fastapi, pydantic', { requirements: ['fastapi<0.100'] })).toEqual([]);
  });

  test('need not be required if workerd loads it, and has to be otherwise', () => {
    expect(findings('import ssl, sqlite3')).toEqual([]);
    expect(findings('import ssl', { pyodide: '0.27.3' })).toMatchInlineSnapshot(`
      [
        "1:8 error unlisted_package: ssl 1.0.0 is in the package set, but nothing requires it. (Add ssl to requirements.txt.)",
      ]
    `);
    expect(findings('import ssl, sqlite3', { pyodide: '314.0.6' })).toEqual([]);
  });

  test('is reported as used, and others are not', () => {
    const requirements = ['fastapi', 'numpy', 'pydantic', 'ssl', 'aiohttp'];
    const { findings: found } = check({
      sources: { 'a.py': 'from fastapi import FastAPI', 'b.py': 'def f():\n  import aiohttp.web' },
      requirements,
    });
    expect(found.map(lineOf)).toMatchInlineSnapshot(`
      [
        "requirements.txt:2:1 warning unused_requirement: Nothing in the project imports numpy. (Leave it out, unless it is needed without being imported.)",
      ]
    `);
  });
});

describe('a branch', () => {
  const NEW = '314.0.6';
  const OLD = '0.26.4';

  /** The test of an `if`, whether it is true in Python 3.12, and in 3.14; null if it is not understood. */
  test.each<[test: string, old: boolean | null, now?: boolean | null]>([
    ['sys.version_info >= (3, 14)', false, true],
    ['sys.version_info < (3, 14, 0)', true, false],
    ['sys.version_info > (3, 12)', true],
    ['sys.version_info > (3, 14, 2)', false, true],
    ['sys.version_info <= (3, 12)', false],
    ['sys.version_info >= (3,)', true],
    ['(sys.version_info\n  < (4,))', true],
    ['sys.version_info[:2] == (3, 12)', true, false],
    ['sys.version_info[:2] > (3, 12)', false, true],
    ['sys.version_info[0] == 3', true],
    ['sys.version_info[0] < 3', false],
    ['sys.version_info.major > 2', true],
    ['s.version_info >= (3, 14)', false, true],
    ['version_info >= (3, 14)', false, true],
    ['sys.platform == "win32"', false],
    ["sys.platform != 'emscripten'", false],
    ['sys.platform in ("win32", "cygwin",)', false],
    ['sys.platform not in ["emscripten"]', false],
    ['sys.platform.startswith("linux")', false],
    ['sys.platform.startswith(("emscripten", "wasi"))', true],
    ['sys.implementation.name == "pypy"', false],
    ['os.name == "nt"', false],
    ['platform.system() == "Windows"', false],
    ['platform.python_implementation() != "CPython"', false],
    ['not sys.version_info >= (3, 14)', true, false],
    ['sys.version_info < (3, 14) or os.name == "nt"', true, false],
    ['not (sys.version_info < (3, 14) or os.name == "nt")', false, true],
    ['sys.platform == "win32" and x', false],
    ['sys.platform == "emscripten" or x', true],
    // Whatever is not understood may be true or false.
    ['sys.platform == "emscripten" and x', null],
    ['sys.platform == "win32" or x', null],
    ['sys.version_info == (3, 14)', null],
    ['sys.version_info >= (3, 14) if x else y', null],
    ['lambda: sys.platform == "win32"', null],
    ['sys.platform == x', null],
    ['sys.platform in "win32"', null],
    ['platform.system == "Windows"', null],
    ['other.platform == "win32"', null],
    ['sys.version_info >= (3, x)', null],
    ['sys.version_info >= (3, 14) >= y', null],
  ])('of %s', (test, old, now = old) => {
    const source = `import os, platform, sys, sys as s\nfrom sys import version_info\nif ${test}:\n  import lost_then\nelse:\n  import lost_else`;
    for (const [pyodide, outcome] of [
      [OLD, old],
      [NEW, now],
    ] as const) {
      const then = outcome === false ? [] : [expect.stringContaining('"lost_then"')];
      const other = outcome === true ? [] : [expect.stringContaining('"lost_else"')];
      expect(findings(source, { pyodide })).toEqual([...then, ...other]);
    }
  });

  test('that does not run has no findings, and its imports need no package', () => {
    const body =
      'import tomli\n  def f():\n    import lost\n  from threading import (\n    Thread,\n  )\n  import socket; socket.socket()';
    const source = (test: string) => `import sys\nif ${test}:\n  ${body}\nimport json`;
    expect(findings(source('sys.version_info < (3, 14)'), { pyodide: NEW })).toEqual([]);
    expect(findings(source('sys.version_info < (3, 14)'))).toHaveLength(4);
  });

  test('is known for each `elif` and `else`, and for one line', () => {
    const source =
      'import sys\nif sys.version_info < (3, 13): import lost_a\nelif sys.version_info < (3, 14):\n  import lost_b\nelif x:\n  import lost_c\nelse: import lost_d\nfor a in b: pass\nelse: import lost_e';
    const lost = (pyodide: Pyodide) =>
      findings(source, { pyodide })
        .map((line) => /"lost_(.)"/.exec(line)![1])
        .join('');
    expect([lost(OLD), lost('0.28.2'), lost(NEW)]).toEqual(['ae', 'be', 'cde']);
  });

  test('that does not run reaches no files', () => {
    const sources = {
      'entry.py': 'import sys\nif sys.platform == "win32":\n  import windows\nDefault = x()',
      'windows.py': 'import lost',
    };
    expect(check({ sources, main: 'entry.py' }).findings.map(lineOf)).toEqual([
      expect.stringMatching(/^windows.py:1:8 warning /),
    ]);
  });
});

describe('a missing module', () => {
  test.each<[what: string, source: string]>([
    ['is nearly another', 'import asynci, fastapii'],
    ['is a package under its own name', 'import beautifulsoup4, pyyaml.x'],
    ['is nothing that anyone knows', 'import qqqqqq'],
    ['is not below a module of the standard library', 'import xml.etre.x, asyncio.taskz'],
    ['is of another system', 'import winreg, asyncio.windows_events'],
    ['is of an older Python', 'import cgi, distutils.core, imp'],
    [
      'is of a newer Python',
      'import compression.zstd, concurrent.interpreters\nfrom string import templatelib',
    ],
    ['is of Python 2', 'import urllib2, StringIO'],
    [
      'is left out of Pyodide',
      'import curses, tkinter, dbm.gnu, venv\nfrom multiprocessing import shared_memory',
    ],
    ['cannot be imported', 'import pty, tty'],
  ])('because it %s', (_, source) => expect(findings(source)).toMatchSnapshot());

  test('in this package set, which others have', () => {
    const hints = new Map([
      ['PIL', { packages: ['pillow'], fixes: [advice('Take another date.')] }],
      ['polars', { packages: ['polars'], fixes: [] }],
    ]);
    const source = 'from PIL import Image\nimport polars, unheard';
    expect(check({ sources: { 'a.py': source } }).unknown).toEqual(['PIL', 'polars', 'unheard']);
    expect(findings(source, {}, hints)).toMatchInlineSnapshot(`
      [
        "1:1 error missing_package: PIL comes with pillow, which the package set python_3.13_packages_2025_08_08 does not have. (Take another date.)",
        "2:8 error missing_package: The package set python_3.13_packages_2025_08_08 has no package polars.",
        "2:16 error missing_module: Neither the project nor Python 3.13 nor the package set python_3.13_packages_2025_08_08 has a module "unheard". (If it comes from a pure-Python package, vendor that package with the Worker.)",
      ]
    `);
  });

  test('is an error, a warning or a remark, depending on whether the import runs', () => {
    expect(
      findings(`
import lost_a
if x:
  import lost_b
try:
  import lost_c
except ImportError:
  import lost_d
def f():
  import lost_e
  import lost_a
if TYPE_CHECKING:
  import lost_f
`).map((line) => line.replace(/(\S+ \S+ \S+):.*"(.*)".*/, '$1 $2')),
    ).toEqual([
      '2:8 error missing_module lost_a',
      '4:10 warning missing_module lost_b',
      '6:10 info missing_module lost_c',
      '8:10 warning missing_module lost_d',
      '10:10 warning missing_module lost_e',
    ]);
  });
});

const sources = {
  'entry.py':
    'import app.views\nfrom app import db, missing\nimport app.gone\nfrom . import helper\nfrom .helper import x\nimport src.app\nDefault = x()\n',
  'helper.py': '',
  'app/__init__.py': 'from .views import x\nfrom . import db\nfrom ..helper import y',
  'app/views.py': 'from .db import x\nfrom .dbb import y\nfrom ..helper import z',
  'app/db.py': '',
  'spare.py': 'import lost',
  'queue.py': '',
  'app/queue.py': '',
};

test('the project has the modules of its files, from the folder of the main module', () => {
  const { findings: found } = check({ sources, main: 'entry.py', root: 'src' });
  expect(found.map(lineOf)).toMatchInlineSnapshot(`
    [
      "app/__init__.py:3:1 error relative_import: This relative import goes beyond the top-level package. (Write helper without the dots.)",
      "app/views.py:2:1 error missing_submodule: The project has no module "app.dbb". (Did you mean app.db?)",
      "app/views.py:3:1 error relative_import: This relative import goes beyond the top-level package. (Write helper without the dots.)",
      "entry.py:3:8 error missing_submodule: The project has no module "app.gone".",
      "entry.py:4:1 error relative_import: This relative import goes beyond the top-level package. (Write import helper without the dots.)",
      "entry.py:5:1 error relative_import: This relative import goes beyond the top-level package. (Write helper without the dots.)",
      "entry.py:6:8 error missing_module: Modules are imported from the folder src, so none is called "src.app". (Leave out "src.".)",
      "queue.py:1:1 warning hidden_module: The standard library has a module queue too, which takes precedence. (Give the file another name.)",
      "spare.py:1:8 warning missing_module: Neither the project nor Python 3.13 nor the package set python_3.13_packages_2025_08_08 has a module "lost". (If it comes from a pure-Python package, vendor that package with the Worker.)",
    ]
  `);
});

test('the SDK has to be vendored if the runtime does not provide it', () => {
  const source = 'from workers import Response\nimport asgi';
  expect(findings(source, { sdk: 'missing', pyodide: '314.0.6' })).toMatchInlineSnapshot(`
    [
      "1:1 error unvendored_sdk: This runtime provides no module "workers": enable_python_external_sdk is on. (Vendor workers-runtime-sdk with the Worker, as pywrangler does, or name disable_python_external_sdk.)",
      "2:8 error unvendored_sdk: This runtime provides no module "asgi": enable_python_external_sdk is on. (Vendor workers-runtime-sdk with the Worker, as pywrangler does, or name disable_python_external_sdk.)",
    ]
  `);
  expect(findings(source, { sdk: 'vendored_later' })).toEqual([]);
  expect(findings(source, { sdk: 'missing', vendored: ['workers/__init__.py', 'asgi.py'] })).toEqual([]);
});

test('a file that cannot be parsed is reported, because imports may be missing', () => {
  expect(findings('import re\ndef f(:\n  pass')).toMatchInlineSnapshot(`
    [
      "2:7 warning unparsed_file: From here on, this is not valid Python, and check may miss imports. (If Python accepts the file, ignore this.)",
    ]
  `);
});

test('a snapshot contains what the main module imports at its start, through the modules of the project', () => {
  const sources = {
    'entry.py':
      'import asyncio\nfrom app import views\nif x: import json\ndef f():\n  import csv\nimport lost',
    'app/__init__.py': 'import fastapi',
    'app/views.py': 'from . import db\nimport app.models as m',
    'app/db.py': 'import sqlite3\ntry: import yaml\nexcept ImportError: pass',
    'app/models.py': 'if TYPE_CHECKING:\n  import typing\nfrom pydantic import BaseModel',
    'app/unused.py': 'import decimal',
  };
  expect(check({ sources, main: 'entry.py' }).snapshot).toEqual({
    entry: 'entry.py',
    modules: ['asyncio', 'fastapi', 'json', 'pydantic', 'sqlite3', 'yaml'],
  });
  expect(check({ sources }).snapshot).toEqual({
    entry: null,
    modules: ['asyncio', 'decimal', 'fastapi', 'json', 'pydantic', 'sqlite3', 'yaml'],
  });
});

describe('a requirement', () => {
  const coded = (code: string, source: string, worker = {}) =>
    findings(source, worker).filter((finding) => finding.includes(code));

  test('that asks for another version is not proposed again at its import', () => {
    const unlisted = (...requirements: string[]) =>
      coded('unlisted_package', 'import requests, numpy', { requirements });
    expect(unlisted('requests==1', 'numpy<1')).toEqual([]);
    expect(unlisted('requests==1')).toEqual([expect.stringContaining('Add numpy to requirements.txt')]);
  });

  test('that a package uses and does not require is named, once it is missing', () => {
    const missing = (...requirements: string[]) =>
      coded('missing_requirement', 'import django', { pyodide: '0.27.3', requirements });
    expect(missing('django')).toEqual([
      expect.stringContaining(
        'django cannot hash passwords without hashlib, which it does not require. (Add hashlib to requirements.txt.)',
      ),
      expect.stringContaining('django cannot find a time zone without tzdata'),
    ]);
    expect(missing('django', 'hashlib', 'tzdata')).toEqual([]);
    expect(missing('numpy')).toEqual([]);
  });

  test('that another package imports is not superfluous', () => {
    const unused = (...requirements: string[]) =>
      coded('unused_requirement', 'import starlette', { pyodide: '0.27.1', requirements });
    expect(unused('starlette', 'python-multipart', 'tzdata')).toEqual([]);
    expect(unused('starlette', 'numpy')).toHaveLength(1);
    expect(unused('python-multipart')).toHaveLength(1);
  });
});
