/** The installed command with the test's package set, whose files are on an upstream on this machine. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { emptyTable, withSet } from '../../../resolver/pinned-files.ts';
import { loadCatalog } from '../../../scripts/import/data-files.ts';
import { root } from '../../../scripts/root.ts';
import { copyOfPinwheel, type Pinwheel, usePinwheel } from '../../cli/pinwheel.ts';
import { ending } from '../../common/own.ts';
import { publishInto } from '../../publish-into.ts';
import { type Pin, packageSetOf, TEST_FLAG } from '../../test-set.ts';
import { downloadWheel } from '../pip-wheels.ts';
import { startUpstream, type Upstream } from '../upstream.ts';

/** httpx and its dependencies, including those on older Pythons. */
const HTTPX = {
  httpx: ['anyio', 'certifi', 'httpcore', 'idna'],
  anyio: ['idna', 'sniffio', 'typing-extensions'],
  certifi: [],
  h11: [],
  httpcore: ['certifi', 'h11'],
  idna: [],
  sniffio: [],
  'typing-extensions': [],
};

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface Shelf {
  pins: Pin[];
  /** Adds a file to the upstream, and pins it. */
  add(filename: string, bytes: Uint8Array, rest?: Partial<Pin>): Pin;
}

export function shelfOn(upstream: Upstream): Shelf {
  const pins: Pin[] = [];
  return {
    pins,
    add(filename, bytes, rest = {}) {
      upstream.files.set(`/${filename}`, bytes);
      const pin = { filename, sha256: sha256Of(bytes), url: `${upstream.origin}/${filename}`, ...rest };
      pins.push(pin);
      return pin;
    },
  };
}

/** Real wheels, fetched by pip. */
export async function shelveHttpx(shelf: Shelf): Promise<void> {
  for (const [name, depends] of Object.entries(HTTPX)) {
    const { filename, bytes } = await downloadWheel(name === 'httpx' ? 'httpx==0.28.1' : name);
    shelf.add(filename, bytes, { name, depends, written_depends: depends });
  }
}

export interface World {
  pinwheel: Pinwheel;
  upstream: Upstream;
  shelf: Shelf;
  set: PackageSet;
}

/** Starts an upstream, which `fill` adds files to, and gives the command a set of them. */
export async function createWorld(fill: (shelf: Shelf) => Promise<void> | void): Promise<World> {
  const installed = await copyOfPinwheel();
  const [pinwheel, upstream] = await Promise.all([usePinwheel(installed), startUpstream().then(ending)]);
  const shelf = shelfOn(upstream);
  await fill(shelf);
  const set = packageSetOf(shelf.pins);
  await carry(join(installed, 'data'), set);
  return {
    pinwheel,
    upstream,
    shelf,
    set,
  };
}

/** Replaces the installed data by the real data and this set. */
async function carry(data: string, set: PackageSet): Promise<void> {
  await rm(data);
  await mkdir(join(data, 'sets'), { recursive: true });
  for (const name of await readdir(join(root, 'data/sets'))) {
    await symlink(join(root, 'data/sets', name), join(data, 'sets', name));
  }
  for (const name of ['package-facts.json', 'patches', 'standard-library']) {
    await symlink(join(root, 'data', name), join(data, name));
  }
  await writeFile(join(data, `sets/${set.flag}.json`), JSON.stringify(set));
  const before = await loadCatalog();
  let table = emptyTable;
  for (const { flag, revision } of before.sets) {
    const text = await readFile(join(root, `data/sets/${flag}.json`), 'utf8');
    table = withSet(table, JSON.parse(text), revision);
  }
  const catalog = await publishInto(before, set, set.released, table);
  await writeFile(join(data, 'catalog.json'), JSON.stringify(catalog));
}

/** The options of every run. */
export const ASK = ['--flag', TEST_FLAG, '--as-of', '2026-11-20'];

/** The output of Python with only the standard library and the packages of a folder. */
export async function pythonIn(folder: string, program: string): Promise<string> {
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  return (await promisify(execFile)('python3', ['-S', '-c', program], { env })).stdout;
}

/** All files below a folder, as text by path. */
export async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
