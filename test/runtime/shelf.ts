/**
 * A package set for `--set`, of what is available: the wheels of `WHEELHOUSE`, pure ones that pip gets, and the
 * patched httpx and aiohttp.
 */

import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { root, wheelCache } from '../../scripts/root.ts';
import { wheels } from '../patches/python-packages.ts';
import { wheelhouse } from './project.ts';

/** With the names that each needs, and the modules that it has. */
const PURE: readonly (readonly [pin: string, depends: string[], module?: string])[] = [
  ['asgiref==3.12.1', []],
  ['sqlparse==0.6.0', []],
  ['django==5.2.17', ['asgiref', 'sqlparse']],
  ['werkzeug==3.1.9', ['markupsafe']],
  ['itsdangerous==2.2.0', []],
  ['blinker==1.9.0', []],
  ['flask==3.1.3', ['blinker', 'click', 'itsdangerous', 'jinja2', 'markupsafe', 'werkzeug']],
];
/** With the names that each needs. */
const PATCHED: readonly (readonly [name: string, version: string, depends: string[]])[] = [
  ['httpx', '0.28.1', ['anyio', 'certifi', 'httpcore', 'idna']],
  [
    'aiohttp',
    '3.14.3',
    ['aiohappyeyeballs', 'aiosignal', 'attrs', 'frozenlist', 'multidict', 'propcache', 'yarl'],
  ],
];

interface Entry {
  name: string;
  version: string;
  file_name: string;
  sha256: string;
  depends: string[];
}

export interface Shelf {
  /** The `pyodide-lock.json`. */
  set: string;
  has(name: string): boolean;
}

let opened: Promise<Shelf> | undefined;

/** Made once for all runs, until what is on it changes. */
export function openShelf(): Promise<Shelf> {
  opened ??= make();
  return opened;
}

async function make(): Promise<Shelf> {
  const lock = wheelhouse === null ? EMPTY : JSON.parse(await readFile(wheelhouse, 'utf8'));
  const paths = new Map<string, string>();
  if (wheelhouse !== null) {
    for (const { file_name } of Object.values<Entry>(lock.packages)) {
      paths.set(file_name, join(dirname(wheelhouse), file_name));
    }
  }
  const fetched = await wheels(PURE.map(([pin]) => pin));
  for (const [at, [pin, depends]] of PURE.entries()) {
    const path = fetched[at]!;
    paths.set(basename(path), path);
    const [name, version] = pin.split('==') as [string, string];
    lock.packages[name] = entry(name, version, basename(path), hash('sha256', await readFile(path)), depends);
  }
  const patched = await Promise.all(
    PATCHED.map(async ([name, version, depends]) => {
      const wheel = await buildVersion({ package: name, version }, wheelCache);
      const { filename, sha256 } = wheel;
      lock.packages[name] = entry(name, filename.split('-')[1]!, filename, sha256, depends);
      return wheel;
    }),
  );
  const text = JSON.stringify(lock);
  const folder = join(root, '.cache/shelves', hash('sha256', Buffer.from(text)).slice(0, 16));
  if (!existsSync(folder)) {
    await mkdir(dirname(folder), { recursive: true });
    const partial = await mkdtemp(join(dirname(folder), '.new-'));
    await Promise.all([...paths].map(([name, path]) => symlink(path, join(partial, name))));
    await Promise.all(patched.map(({ filename, bytes }) => writeFile(join(partial, filename), bytes)));
    await writeFile(join(partial, 'pyodide-lock.json'), text);
    // Another file of tests may have put it there just now.
    await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
  }
  return { set: join(folder, 'pyodide-lock.json'), has: (name) => Object.hasOwn(lock.packages, name) };
}

function entry(name: string, version: string, file_name: string, sha256: string, depends: string[]) {
  const rest = { imports: [name], install_dir: 'site', package_type: 'package', unvendored_tests: false };
  return { name, version, file_name, sha256, depends, ...rest };
}

const EMPTY = {
  info: { abi_version: '2025_0', arch: 'wasm32', platform: 'emscripten_4_0_9', python: '3.13.2' },
  packages: {} as Record<string, Entry>,
};
