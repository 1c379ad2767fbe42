/** The files of a project. */
import { readFileSync } from 'node:fs';
import { CommandError } from '../../../cli/common/failure.ts';
import { decodeRequirements } from '../../../cli/common/read-text.ts';
import { parsePylock } from '../../../cli/project/sources/lock-files.ts';
import { parsePyproject } from '../../../cli/project/sources/pyproject-file.ts';
import { readWranglerTables, settingIn, wranglerSettings } from '../../../resolver/formats/wrangler.ts';
import { parseRequirementsFile } from '../../../resolver/requirements/requirements-file.ts';
import { requirement } from '../../resolver/requirements/generate.ts';
import { bytesOf, type Parser } from '../parser.ts';

const own = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const PYPROJECT = `[project]
name = "worker"
requires-python = ">=3.12"
dependencies = ["fastapi>=0.110", 'httpx; python_version >= "3.12"']
dynamic = ["version"]
[project.optional-dependencies]
cli = ["rich"]
all = ["worker[cli]"]
[dependency-groups]
test = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
[tool.poetry]
`;
const PYLOCK = `lock-version = "1.0"
requires-python = "==3.13.*"
[[packages]]
name = "six"
version = "1.17.0"
marker = "python_version > '3'"
wheels = [{name = "six-1.17.0-py2.py3-none-any.whl", hashes = {sha256 = "00"}}]
`;
const WRANGLER_JSON = `{
  // A comment.
  "name": "worker", "main": "src/entry.py",
  "compatibility_date": "2025-11-02", /* another */
  "compatibility_flags": ["python_workers",],
  "env": { "next": { "compatibility_date": "2026-11-01", "compatibility_flags": [] } },
}
`;
const TOML = [
  ...['[', ']', '[[', ']]', '{', '}', '=', ' = ', '"', '"""', "'", "'''", '\n', ',', '.', '#', '\\', '\\u00'],
  ...['1979-05-27T07:32:00Z', '0x', '1_0', 'inf', 'true', '-', 'a', 'compatibility_date', '__proto__', 'env'],
];
const JSON_PIECES = [
  ...'{}[]:,"\\\n 1-',
  ...['\\u12', '//', '/*', '*/', '1e999', 'null'],
  ...['"compatibility_date"', '"compatibility_flags"', '"env"', '"__proto__"', '"python_workers"', 'true'],
];

function readWrangler(kind: 'toml' | 'json') {
  return (text: string): boolean => {
    const tables = readWranglerTables(`wrangler.${kind}`, text, kind);
    if (!tables.ok) return false;
    settingIn(tables.value.tables, 'main');
    readWranglerTables(`wrangler.${kind}`, text, kind, 'next');
    return wranglerSettings(`wrangler.${kind}`, tables.value.tables).ok;
  };
}

export const fileParsers: readonly Parser[] = [
  {
    name: 'requirements.txt',
    share: 70,
    read: (text) => parseRequirementsFile('requirements.txt', text, () => 'six').refused.length === 0,
    samples: [
      'fastapi>=0.110 # web\n-r more.txt\n-c constraints.txt\nnumpy \\\n  >=2 \\\n  --hash=sha256:00\n--index-url https://x\n-e .\n',
      'six==1.17.0 \\\n    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n',
    ],
    pieces: [
      ...['-r ', '-c ', '-e ', ' #'],
      ...'--requirement= --hash=sha256: -- \\\n \n \r\n \r #'.split(' '),
      ...[' ', '\t', '"', "'", '-r"', 'a.txt', 'six', '==1', ';', '$', '{VAR}', '-', '\\'],
    ],
    make: (random) => random.list(0, 6, () => requirement(random)).join(random.pick(['\n', '\r\n', ' \\\n'])),
    longest: 64_000,
  },
  {
    name: 'requirements encoding',
    share: 20,
    read: (text) => typeof decodeRequirements(Buffer.from(bytesOf(text))) === 'string',
    samples: ['\xff\xfes\0i\0x\0\n\0', '\0\0\xfe\xff\0\0\0s', '# -*- coding: latin-1 -*-\nsix # \xe9\n'],
    pieces: '\xff\xfe \xfe\xff \0\0 \xef\xbb\xbf \0 \xd8 \xff # coding: ascii utf-8 \n'.split(' '),
    longest: 64_000,
  },
  {
    name: 'pylock.toml',
    share: 25,
    read: async (text) => (await parsePylock('pylock.toml', text)).requirements.length > 0,
    isOurs: (error) => error instanceof CommandError,
    samples: [PYLOCK],
    pieces: [
      ...TOML,
      'lock-version = "1.0"',
      '[[packages]]',
      'name',
      'version',
      'marker',
      'packages',
      'requires-python',
    ],
    longest: 32_000,
  },
  {
    name: 'pyproject.toml',
    share: 35,
    async read(text) {
      const choice = { extras: ['all', 'Cli'], groups: ['test'] };
      const { requirements } = await parsePyproject('pyproject.toml', text, choice);
      return requirements.length > 0;
    },
    isOurs: (error) => error instanceof CommandError,
    samples: [PYPROJECT],
    pieces: [
      ...TOML,
      '[project]',
      'dependencies',
      '[dependency-groups]',
      '{include-group = "test"}',
      'dynamic',
    ],
    longest: 32_000,
  },
  {
    name: 'wrangler.toml',
    share: 35,
    read: readWrangler('toml'),
    usual: 3_000,
    samples: [
      own('wrangler.toml'),
      'compatibility_date = 2025-11-02\n[env.next]\ncompatibility_flags = [1]\n',
    ],
    pieces: TOML,
    longest: 32_000,
  },
  {
    name: 'wrangler.jsonc',
    share: 40,
    read: readWrangler('json'),
    samples: [WRANGLER_JSON],
    pieces: JSON_PIECES,
    longest: 32_000,
  },
];
