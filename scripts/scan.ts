/**
 * `npm run data:scan`: proposes rows of `data/package-facts.json` from the code of wheels, offline. Nothing of them is
 * run. A row says what the code does, and not that the package is of no use: somebody has to review it.
 */
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, visible } from '../cli/common/text.ts';
import { readZip } from '../cli/packages/archive.ts';
import { isWithin } from '../resolver/python/limits.ts';
import { absoluteName, firstPart, ModuleTree } from '../resolver/python/modules.ts';
import type { Scan } from '../resolver/python/project.ts';
import { scanPython } from '../resolver/python/scan.ts';
import { decodeSource, MAX_SOURCE_BYTES } from '../resolver/python/source.ts';
import { PackageFacts, StandardLibraryFacts } from '../resolver/python/standard-library-document.ts';
import { canonicalName } from '../resolver/requirements/name.ts';
import { compareVersions, parseVersion } from '../resolver/requirements/version.ts';
import { series } from '../resolver/text/printable.ts';
import { parseWheelName } from '../resolver/wheels/wheel-name.ts';
import { orUsage } from './command.ts';
import { readData } from './import/data-files.ts';

const USAGE = `npm run data:scan   propose rows for data/package-facts.json

  -- NAME…           packages, each by the newest of its wheels
     --from FOLDER   where the wheels are, also in folders below; several are
                     possible (default: this one)

Reads what the code of the wheels imports and calls. Runs nothing of it, and
downloads nothing. Prints rows in JSON, which say where each sign is. Review a
row before you add it: a package may start a thread only if it is asked to.

The exit code is 1 if a package has no wheel in the folders.`;

const given = orUsage(USAGE, () => {
  const { values, positionals } = parseArgs({
    options: { from: { type: 'string', multiple: true, default: ['.'] } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new Error('name at least one package');
  for (const from of values.from) {
    if (!statSync(from, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`${from} is not a folder: give --from the folder of the wheels`);
  }
  return { names: [...new Set(positionals.map(canonicalName))], from: values.from };
});

const json = async (path: string) => JSON.parse((await readData(path))!);
const { attempts, limits } = StandardLibraryFacts.parse(await json('standard-library/facts.json'));
const { packages: known } = PackageFacts.parse(await json('package-facts.json'));

/** The things that a Worker lacks, or has not for long, by the limit of the standard library that the code meets. */
const NEEDS: Record<string, string> = {
  thread: 'threads',
  process: 'processes',
  subprocess: 'programs',
  fork: 'processes',
  socket: 'sockets',
  listen: 'sockets that listen',
  files: 'files that stay',
};
const FILES = {
  ...{ id: 'files', about: ['dbm', 'fcntl', 'mmap', 'shelve'], names: ['os.fsync', 'os.mkfifo'] },
  instead: 'Use R2, KV or D1: files of a Worker last as long as its isolate.',
};
const LIMITS = [...attempts, ...limits, FILES].filter(({ id }) => Object.hasOwn(NEEDS, id));
const watched = new Set(LIMITS.flatMap(({ about, names }) => [...about, ...names].map(firstPart)));

/** Modules that packages import for what works: locks, names of hosts. */
const COMMON = new Set(['threading', '_thread', 'socket', 'http.client', 'concurrent.futures']);
const TESTS = /(?:^|\/)(?:tests?|conftest\.py|test_[^/]*)(?:\/|$)/;
const MOST_SIGNS = 3;

/** A sign in the code of a package, such as an import. */
interface Sign {
  limit: (typeof LIMITS)[number] | null;
  /** Such as "imports `multiprocessing` at the top of `x.py`". */
  says: string;
  /** How much it says: 3 if importing the package does it, 0 if perhaps a part of it that nobody calls does. */
  weight: number;
}

for (const name of given.names) {
  const wheel = await newestWheel(name);
  if (wheel === null) {
    console.error(visible(`pinwheel: ${name}: no wheel in ${series(given.from)}`));
    process.exitCode = 1;
    continue;
  }
  const files = await scansIn(wheel);
  const signs = signsIn(files).sort((a, b) => b.weight - a.weight);
  const filename = basename(wheel);
  const [first] = signs;
  const row = known.find(({ names }) => names.includes(name));
  const told = row ? `; the table says ${row.is}: ${row.why}` : '';
  const read = `${name}: ${filename}, ${count(files.size, 'Python file')}`;
  console.error(visible(`${read}, ${first ? count(signs.length, 'sign') : 'no sign'}${told}`));
  if (!first) continue;
  const strongest = signs.filter(({ weight }) => weight === first.weight);
  const needs = [...new Set(strongest.map(({ limit }) => (limit ? NEEDS[limit.id]! : 'what cannot run')))];
  const places = signs.slice(0, MOST_SIGNS).map(({ says }) => says);
  const fields = Object.entries({
    ...{ names: [name], is: 'cannot_run', why: `it needs ${series(needs)}: it ${first.says}` },
    ...{ instead: first.limit?.instead ?? null, source: `${filename} ${series(places)}` },
  });
  // As the table writes its rows.
  console.log(
    `{ ${fields.map(([key, value]) => visible(`"${key}": ${JSON.stringify(value)}`)).join(', ')} }`,
  );
}

/** The path of the wheel with the newest version; null if there is none. */
async function newestWheel(name: string): Promise<string | null> {
  let newest: { path: string; version: NonNullable<ReturnType<typeof parseVersion>> } | null = null;
  for (const folder of given.from) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const parsed = entry.isFile() ? parseWheelName(entry.name) : undefined;
      const version = parsed && parseVersion(parsed.version);
      if (!version || canonicalName(parsed.project) !== name) continue;
      if (newest && compareVersions(version, newest.version) <= 0) continue;
      newest = { path: join(entry.parentPath, entry.name), version };
    }
  }
  return newest?.path ?? null;
}

/** The imports and uses in the Python files of a wheel, without its tests. */
async function scansIn(wheel: string): Promise<Map<string, Scan>> {
  const scans = new Map<string, Scan>();
  for await (const { name, type, size, pour } of readZip(wheel)) {
    if (type !== 'file' || !name.endsWith('.py') || size > MAX_SOURCE_BYTES || TESTS.test(name)) continue;
    const chunks: Uint8Array[] = [];
    await pour(async (chunk) => void chunks.push(chunk));
    const source = decodeSource(Buffer.concat(chunks));
    if (source.ok) scans.set(name, scanPython(source.text, watched));
  }
  return scans;
}

function signsIn(scans: ReadonlyMap<string, Scan>): Sign[] {
  const reached = reachedIn(scans);
  return [...scans].flatMap(([path, { imports, references, calls }]) => {
    const isReached = reached.has(path);
    const limitOf = (name: string, of: 'about' | 'names') =>
      LIMITS.find((limit) => limit[of].some((other) => isWithin(name, other)));
    const imported = imports.flatMap(({ module, level, when }): Sign[] => {
      if (level > 0 || when === 'typing') return [];
      const limit = limitOf(module, 'about') ?? limitOf(module, 'names') ?? null;
      const other = known.some(
        ({ is, names }) => is === 'cannot_run' && names.includes(canonicalName(firstPart(module))),
      );
      if (!(limit || other) || COMMON.has(module)) return [];
      const where = when === 'lazy' ? 'in a function of' : 'at the top of';
      const says = `imports \`${module}\` ${where} \`${path}\``;
      return [{ limit, says, weight: when === 'always' && isReached ? 2 : 0 }];
    });
    const called = references.flatMap(({ name, typing, line, column }): Sign[] => {
      const limit = typing ? undefined : limitOf(name, 'names');
      if (!limit) return [];
      const call = calls.find((at) => at.line === line && at.column === column);
      const runs = call?.when === 'always' && isReached;
      const says = `${runs ? 'calls' : 'uses'} \`${name}\` in line ${line} of \`${path}\``;
      return [{ limit, says, weight: runs ? 3 : 1 }];
    });
    return [...imported, ...called];
  });
}

/** The paths of the files that run if the package is imported. */
function reachedIn(scans: ReadonlyMap<string, Scan>): Set<string> {
  const tree = new ModuleTree(scans.keys());
  const reached = new Set<string>();
  const reach = (module: string) => {
    const parts = module.split('.');
    for (const depth of parts.keys()) {
      const path = tree.fileOf(parts.slice(0, depth + 1).join('.'));
      if (path === null || reached.has(path)) continue;
      reached.add(path);
      for (const { module: named, level, names, when } of scans.get(path)!.imports) {
        const whole = when !== 'always' ? null : level === 0 ? named : absoluteName(path, named, level);
        if (whole !== null)
          for (const name of ['', ...(names ?? [])]) reach(name === '' ? whole : `${whole}.${name}`);
      }
    }
  };
  for (const module of tree.top()) reach(module);
  return reached;
}
