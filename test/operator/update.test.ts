/** npm run data:update, in a copy of the project, against a registry of npm's protocol with made-up new versions. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Catalog, PackageSet, Publication, WorkerdDocument } from '../../resolver/catalog.ts';
import { emptyTable } from '../../resolver/pinned-files.ts';
import { changeOf, documentPath, emptyCatalog } from '../../resolver/publication.ts';
import { readSources } from '../../scripts/import/sources.ts';
import { packTarball } from '../cli/npm/pack-tarball.ts';
import { newFolder, serve } from '../common/own.ts';
import { copyProject, runIn } from '../common/project-copy.ts';

const sources = await readSources();
const pyodideFolder = dirname(fileURLToPath(import.meta.resolve('pyodide/package.json')));
const installed: string = JSON.parse(await readFile(join(pyodideFolder, 'package.json'), 'utf8')).version;
const workerd = sources.workerd.at(-1)!.version;
/** The day of a set of Pinwheel's own for the same Python. */
const TAKEN = '2026-11-20';

interface Offered {
  tarball: () => Promise<Buffer>;
  published: string;
}
/** The packages of the npm registry, by name, then by version. */
const offered: Record<string, Record<string, Offered>> = {
  pyodide: {
    [installed]: { tarball: () => pyodide(() => {}), published: '2026-09-16' },
    '0.30.0-alpha.1': { tarball: () => pyodide(() => {}), published: TAKEN },
    '0.25.9': { tarball: () => pyodide(() => {}), published: TAKEN },
  },
  '@cloudflare/workerd-linux-64': { [workerd]: { tarball: otherWorkerd, published: '2026-11-17' } },
};

let home: string;
let copy: string;
let origin: string;

beforeAll(async () => {
  home = newFolder();
  copy = join(home, 'project');
  await copyProject(copy);
  origin = await serve(async ({ url }, response) => {
    const [, name, version] =
      /^\/([^/]+?)(?:\/-\/(.*)\.tgz)?$/.exec(decodeURIComponent(url!).replace(/^\/(@[^/]+)\//, '/$1%')) ?? [];
    const versions = offered[name?.replace('%', '/') ?? ''];
    if (!versions) response.writeHead(404).end('{}');
    else if (version) response.end(await versions[version]!.tarball());
    else response.end(JSON.stringify(await packument(name!.replace('%', '/'))));
  });
});

async function packument(name: string): Promise<object> {
  const versions: Record<string, object> = {};
  const time: Record<string, string> = {};
  for (const [version, { tarball, published }] of Object.entries(offered[name]!)) {
    const isWanted = /^(0\.29\.[6-9]|1\.20261124\.1)$/.test(version);
    const integrity = isWanted
      ? `sha512-${createHash('sha512')
          .update(await tarball())
          .digest('base64')}`
      : 'sha512-AA==';
    const dist = { tarball: `${origin}/${name}/-/${version}.tgz`, integrity };
    versions[version] = { name, version, dist };
    time[version] = `${published}T07:00:00.000Z`;
  }
  return { name, 'dist-tags': { latest: Object.keys(versions).at(-1) }, versions, time };
}

interface Lock {
  packages: Record<
    string,
    { name: string; version: string; file_name: string; sha256: string; depends: string[] }
  >;
}

/** The installed Pyodide with another lock. */
async function pyodide(change: (lock: Lock) => void): Promise<Buffer> {
  const lock: Lock = JSON.parse(await readFile(join(pyodideFolder, 'pyodide-lock.json'), 'utf8'));
  change(lock);
  const files: Record<string, Uint8Array | string> = { 'package/pyodide-lock.json': JSON.stringify(lock) };
  for (const file of [
    'package.json',
    'pyodide.mjs',
    'pyodide.asm.wasm',
    'pyodide.asm.js',
    'python_stdlib.zip',
  ]) {
    files[`package/${file}`] = await readFile(join(pyodideFolder, file));
  }
  return packTarball(files, 1);
}

/** The tables of the installed binary, in which flags that come on 2026-12-01 come a week later. */
async function otherWorkerd(): Promise<Buffer> {
  const require = createRequire(createRequire(import.meta.url).resolve('workerd'));
  const platform = `${process.platform}-${process.arch === 'x64' ? '64' : process.arch}`;
  const whole = await readFile(require.resolve(`@cloudflare/workerd-${platform}/bin/workerd`));
  const places = ['compatibility-date.capnp:CompatibilityFlags', 'pyodide_extra.capnp:releases'].map((name) =>
    whole.indexOf(name),
  );
  // The words of a message keep their alignment.
  const first = Math.floor(Math.min(...places) / 4096 - 16) * 4096;
  const binary = Buffer.from(whole.subarray(first, Math.max(...places) + (1 << 18)));
  for (let at = binary.indexOf('2026-12-01'); at >= 0; at = binary.indexOf('2026-12-01', at + 1)) {
    binary.write('2026-12-08', at);
  }
  return packTarball({ 'package/bin/workerd': binary });
}

const keep = (make: () => Promise<Buffer>) => {
  let made: Promise<Buffer> | undefined;
  return () => (made ??= make());
};

function update(...args: string[]) {
  const env = {
    ...process.env,
    npm_config_registry: origin,
    npm_config_cache: join(home, 'npm'),
  };
  const [, ...script] = packageJson.scripts['data:update'].replace('scripts/setup.mjs ', '').split(' ');
  return runIn(copy, env, process.execPath, [...script, ...args]);
}

const readCopy = async <Value>(path: string): Promise<Value> =>
  JSON.parse(await readFile(join(copy, 'data', path), 'utf8'));

async function texts(): Promise<Map<string, string>> {
  const names = await readdir(join(copy, 'data'), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

test('versions that are imported, before the first release or not releases are not new', async () => {
  expect(await update()).toMatchObject({
    code: 0,
    stdout: `Nothing new: data/ has Pyodide 314.0.7 and workerd ${workerd}.\n`,
  });
});

test('documents that fail the gate are reported, and a dry run writes nothing', async () => {
  offered.pyodide!['0.29.7'] = {
    published: '2026-11-22',
    tarball: keep(() => pyodide(({ packages }) => packages.six!.depends.push('nowhere'))),
  };
  offered['@cloudflare/workerd-linux-64']!['1.20261123.1'] = {
    published: '2026-11-23',
    tarball: otherWorkerd,
  };
  offered['@cloudflare/workerd-linux-64']!['1.20261124.1'] = {
    published: '2026-11-24',
    tarball: keep(otherWorkerd),
  };
  const before = await texts();
  const { code, stdout, stderr } = await update('--dry-run');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^- Pyodide 0\.29\.7 is not imported:\n {2}- six .*nowhere/m);
  expect(stdout).toMatch(/^- workerd 1\.20261124\.1: 0 new flags, 2 changed/m);
  expect(stderr).toContain('A dry run: 3 files of data/ would change.');
  expect(await texts()).toEqual(before);
});

test('a new Pyodide and a new workerd are imported, with what to review', async () => {
  delete offered.pyodide!['0.29.7'];
  offered.pyodide!['0.29.6'] = {
    published: TAKEN,
    tarball: keep(() =>
      pyodide(({ packages }) => {
        const { six } = packages;
        six!.file_name = six!.file_name.replace(six!.version, '99.0');
        Object.assign(six!, { version: '99.0', sha256: 'a'.repeat(64) });
      }),
    ),
  };
  const before = await texts();
  const { code, stdout } = await update();
  expect(code).toBe(0);
  const flag = 'python_3.13_packages_2026_11_21';
  const old = JSON.parse(before.get(join(copy, 'data/catalog.json'))!) as Catalog;
  // Days order the log, which has documents of later days.
  const revision = old.log.filter(({ day }) => day <= '2026-11-21').length + 1;
  const later = old.log.filter(({ day }) => day <= '2026-11-24').length + 2;
  for (const line of [
    `- Package set ${flag} (revision ${revision}, of 2026-11-21)`,
    /^ {2}- Newer beside python_3.13_packages_2026_09_16: six \S+ → 99.0.$/m,
    `- workerd 1.20261124.1: 0 new flags, 2 changed (revision ${later}, of 2026-11-24)`,
    '  - Changed: temporal, automatic from 2026-12-08.',
    '- Pyodide 0.29.6: Another set has the flag of that day.',
    '`pinwheel build` does not know Pyodide 0.29.6',
    '- data/workerd/1.20261124.1.json',
  ]) {
    expect(stdout).toMatch(line);
  }

  const set = await readCopy<PackageSet>(`sets/${flag}.json`);
  expect(set).toMatchObject({
    runtime: '0.29.6',
    python: '3.13.2',
    released: '2026-11-21',
    default_from: null,
  });
  expect(set.packages.find(({ name }) => name === 'six')).toMatchObject({
    version: '99.0',
    sha256: 'a'.repeat(64),
    url: expect.stringContaining('/v0.29.6/full/six-99.0-'),
  });
  const { flags } = await readCopy<WorkerdDocument>('workerd/1.20261124.1.json');
  expect(flags.find(({ enable }) => enable === 'temporal')!.enable_date).toBe('2026-12-08');
  const catalog = await readCopy<Catalog>('catalog.json');
  let again = emptyCatalog;
  let table = emptyTable;
  const openSet = ({ flag }: { flag: string }) => readCopy<PackageSet>(`sets/${flag}.json`);
  for (const entry of catalog.log) {
    const change = await changeOf(again, await readCopy(documentPath(entry)), entry, table, openSet);
    ({ after: again, table } = change);
  }
  expect(again).toEqual(catalog);
  // Entries that were there keep their words, and their place before and after the new ones.
  expect(catalog.log.slice(0, revision - 1)).toEqual(old.log.slice(0, revision - 1));
  const words = ({ day, kind, name, digest }: Publication) => ({ day, kind, name, digest });
  const others = catalog.log.toSpliced(later - 1, 1).slice(revision);
  expect(others.map(words)).toEqual(old.log.slice(revision - 1).map(words));
  const lines = (await readFile(join(copy, 'data/sources.json'), 'utf8')).split('\n');
  const oldLines = before.get(join(copy, 'data/sources.json'))!.split('\n');
  expect(
    lines.filter((line) => !oldLines.includes(line) && !oldLines.includes(line.replace(/,$/, ''))),
  ).toEqual([
    `    { "version": "0.29.6", "released": "${TAKEN}", "flag": "${flag}", "source": "npm's registry got pyodide 0.29.6 on that day. Another set has the flag of that day." }`,
    '    { "version": "1.20261124.1", "source": "The newest version of that day." }',
  ]);
  const { measurements } = await readCopy<{ measurements: { pyodides: { pyodide: string }[] }[] }>(
    'standard-library/measured.json',
  );
  const group = measurements.find(({ pyodides }) => pyodides.some(({ pyodide }) => pyodide === '0.29.6'))!;
  expect(group.pyodides.map(({ pyodide }) => pyodide)).toContain(installed);

  expect(await update()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing new') });
});

test("an unreachable npm registry is reported with npm's message, and changes nothing", async () => {
  const before = await texts();
  offered.pyodide = undefined as never;
  const { code, stderr } = await update();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The update failed: npm cannot list the versions of pyodide: .*(404|not found)/im);
  expect(await texts()).toEqual(before);
});
