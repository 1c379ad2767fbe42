/** Documents of a registry, and the lock files of Pyodide. */
import * as documents from '../../../resolver/client/documents.ts';
import { prepareSet, walk } from '../../../resolver/closure/prepare.ts';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import { viewCatalog } from '../../../resolver/compatibility/view.ts';
import { digestOf } from '../../../resolver/digest.ts';
import { readPyodideLock } from '../../../resolver/formats/pyodide-lock.ts';
import { loadCatalog } from '../../../scripts/import/data-files.ts';
import { realSets } from '../../resolver/closure/sets.ts';
import { AS_OF } from '../../resolver/time/data.ts';
import type { Parser } from '../parser.ts';

const { parseJson, readDocument, readJson: _, catalogSchema, packageSetSchema, ...others } = documents;

const [set] = realSets;
const SET = { ...set, packages: set!.packages.slice(0, 3) };
const whole = await loadCatalog();
const CATALOG = {
  ...whole,
  log: whole.log.slice(0, 2),
  pythons: whole.pythons.slice(0, 1),
  flags: whole.flags.slice(0, 1),
  releases: [],
  sets: [],
};
const LOCK = {
  info: { python: '3.13.2', platform: 'emscripten_4_0_9', abi_version: '2025_0' },
  packages: {
    six: {
      ...{
        name: 'six',
        version: '1.17.0',
        file_name: 'six-1.17.0-py2.py3-none-any.whl',
        install_dir: 'site',
      },
      ...{
        sha256: '0'.repeat(64),
        package_type: 'package',
        imports: ['six'],
        depends: [],
        unvendored_tests: false,
      },
    },
  },
};
const PIECES = [
  ...'{}[]:,"\\\n0',
  ...['\\ud800', '-1', '1e999', 'null', 'true', '{}', '[]'],
  ...['"name"', '"packages"', '"depends"', '"__proto__"', '"constructor"', '"2025-11-02"', '"six"'],
];

export const documentParsers: readonly Parser[] = [
  {
    name: 'documents of a registry',
    share: 40,
    async read(text) {
      const document = parseJson(text);
      if (document !== undefined) await digestOf(document);
      const set = readDocument(packageSetSchema, document);
      if (set.ok) {
        walk(prepareSet(set.document), set.document.packages.length > 0 ? [0] : []);
        return true;
      }
      const catalog = readDocument(catalogSchema, document);
      if (!catalog.ok)
        return Object.values(others).some((schema) => readDocument<unknown>(schema, document).ok);
      const view = viewCatalog(catalog.document);
      const question = {
        compatibility_date: '2025-11-02',
        compatibility_flags: ['python_workers'],
        as_of: AS_OF,
      };
      if (view.ok) selectTarget(view.value, question);
      return true;
    },
    samples: [
      JSON.stringify(SET),
      JSON.stringify(CATALOG),
      JSON.stringify({ versions: [{ flag: SET.flag, version: '1' }] }),
      JSON.stringify({ code: 'x', detail: 'y', errors: [{ code: 'x', message: 'y', fix: null }] }),
    ],
    usual: 3_000,
    pieces: PIECES,
    longest: 32_000,
  },
  {
    name: 'pyodide-lock.json',
    share: 20,
    read: (text) => readPyodideLock('pyodide-lock.json', text).ok,
    samples: [JSON.stringify(LOCK)],
    pieces: [...PIECES, '"file_name"', '"https://x/y.whl"', '"package_type"', '"cpython_module"'],
    longest: 32_000,
  },
];
