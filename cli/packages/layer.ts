/** The packages of a closure as a Worker includes them: one blob, and libraries as files. Made once, and cached. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foreignWheel } from '../../resolver/issues/build.ts';
import { refusedArchive } from '../../resolver/issues/documents.ts';
import { canRun, parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import { NO_CREDENTIALS } from '../common/credentials.ts';
import { unanswered } from '../common/failure.ts';
import { isPlaced, placed, writeFile } from '../common/folders.ts';
import type { Listener } from '../common/listener.ts';
import { packageFile } from '../common/package-root.ts';
import { licenseOf } from '../worker/documents.ts';
import { BRIDGE_FOLDER } from '../worker/environment.ts';
import { compress, digestOfFiles, filesBelow, LEVELS, sha256Of, writeBlob } from '../worker/files.ts';
import type {
  BuildClosure,
  BuildPackage,
  PackageLicense,
  PackagesLayer,
  ProjectFile,
  Supply,
} from '../worker/inputs.ts';
import { namesOpenssl, optionalOpenssl } from '../worker/openssl.ts';
import { importsOfCxx, restoredFileOf, restoredLibrary } from '../worker/restored-binary.ts';
import { ArchiveError } from './archive.ts';
import { type WithFile, withFiles } from './download.ts';
import { inlineCode } from './inline-code.ts';
import { pyodideFolder } from './pyodide-files.ts';
import { Unpacker } from './unpack.ts';

const FORMAT = 12;

/** Written last. */
const LAYER = 'layer.json';

/** Files for compilers and type checkers, which Python does not read. */
const UNUSED = /\.(?:pyi|pyx|pxd|a|h|hpp|c|cpp|lib)$|(?:^|\/)__pycache__\//;
const LIBRARY = /\.so(?:\.[\d.]+)?$/;
/** Code of Python, and libraries. */
const CODE = /\.(?:py|so(?:\.[\d.]+)?)$/;

/**
 * Pyodide and packages: downloaded, verified, and prepared in the folder of the cache.
 * @param level how hard packages are compressed that the cache does not have yet
 */
export function supplyFrom(
  cacheFolder: string,
  listener: Pick<Listener, 'downloads' | 'step' | 'signal'>,
  level: number = LEVELS.once,
): Supply {
  return {
    pyodide: (version) => pyodideFolder(version, cacheFolder, listener.step, listener.signal),
    packages: (closure, files) => packagesLayer(closure, files, cacheFolder, listener, level),
  };
}

async function packagesLayer(
  { runtime, packageSet, packages, others = [], credentials = NO_CREDENTIALS }: BuildClosure,
  projectFiles: readonly ProjectFile[],
  cacheFolder: string,
  listener: Pick<Listener, 'downloads' | 'signal'>,
  level: number,
): Promise<PackagesLayer> {
  checkWheels(runtime, packageSet.name, packages);
  const bridge = await bridgeFiles();
  const wheels = packages.map(({ name, sha256, install_dir }) => [name, sha256, install_dir]);
  const openssl = optionalOpenssl(packages);
  const optional = openssl.length > 0 && (await namesOpenssl(projectFiles)) ? [] : openssl;
  const names = optional.map(({ name }) => name);
  const inputs = [FORMAT, runtime.python, await digestOfFiles(bridge), wheels, absentModules(others), names];
  const digest = sha256Of(JSON.stringify(inputs));
  const folder = join(cacheFolder, 'packages', digest);
  if (!(await isPlaced(folder, LAYER))) {
    await placed(folder, async (made) => {
      const files = await withFiles(packages, cacheFolder, credentials, listener);
      await make(made, runtime.python, files, { bridge, others, optional }, level, listener.signal);
    });
  }
  const { index, libraries, functions, imports, licenses, owners, leftOut } = JSON.parse(
    await readFile(join(folder, LAYER), 'utf8'),
  );
  const [blob, compressed] = [join(folder, 'packages.bin'), join(folder, 'packages.zst')];
  const roots = [...Object.values(placesOf(runtime.python)), BRIDGE_FOLDER];
  const files = { digest, folder, blob, compressed, index, libraries };
  return { ...files, functions, imports, roots, licenses, owners, leftOut };
}

type AbsentPackage = Pick<BuildPackage, 'name' | 'imports'>;

/** The packages that a Worker does not have, by their modules (see `absent.py`). */
function absentModules(packages: readonly AbsentPackage[]): Record<string, string> {
  return Object.fromEntries(packages.flatMap(({ name, imports }) => imports.map((module) => [module, name])));
}

/** Rejects wheels for other runtimes, before any is downloaded. */
function checkWheels(runtime: BuildClosure['runtime'], set: string, packages: readonly BuildPackage[]): void {
  const { pyodide, python, abi } = runtime;
  const others = packages.filter(({ filename }) => {
    const wheel = parseWheelName(filename);
    return wheel !== undefined && !canRun(runtime, wheel);
  });
  if (others.length === 0) return;
  throw unanswered(others.map(({ filename }) => foreignWheel({ filename, set, pyodide, python, abi })));
}

interface LayerOptions {
  bridge: readonly ProjectFile[];
  /** The packages that the closure does not have. */
  others: readonly AbsentPackage[];
  /** Packages of the closure that are left out if no other package uses them. */
  optional: readonly BuildPackage[];
}

async function make(
  folder: string,
  python: string,
  packages: readonly WithFile<BuildPackage>[],
  { bridge, others, optional }: LayerOptions,
  level: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const places = placesOf(python);
  const unpackers = new Map<string, Unpacker>();
  for (const archive of packages) {
    const place = places[archive.install_dir] ? archive.install_dir : 'site';
    const unpacked = join(folder, 'unpacked', place);
    signal?.throwIfAborted();
    if (!unpackers.has(place)) unpackers.set(place, new Unpacker(unpacked));
    await unpackers
      .get(place)!
      .unpack(archive.path, archive.file)
      .catch((error) => refuse(archive, error));
  }
  const unpacked = [...unpackers.keys()].sort().map(async (place) => {
    const root = join(folder, 'unpacked', place);
    return (await filesBelow(root)).map((path) => {
      const owner = unpackers.get(place)!.ownerOf(path);
      return { path: `${places[place]}/${path}`, file: join(root, path), owner };
    });
  });
  const all = (await Promise.all(unpacked)).flat();
  const names = new Set(optional.map(({ name }) => name));
  const code = all.filter(({ path, owner }) => CODE.test(path) && !names.has(owner));
  const left = names.size > 0 && !(await namesOpenssl(code)) ? optional : [];
  const leftOut = left.map(({ name }) => name);
  const absentFile = join(folder, 'unpacked', 'absent.json');
  await mkdir(join(folder, 'unpacked'), { recursive: true });
  await writeFile(absentFile, JSON.stringify(absentModules([...others, ...left])));
  const files: ProjectFile[] = [...bridge, { path: `${BRIDGE_FOLDER}/absent.json`, file: absentFile }];
  const libraries: [string, string][] = [];
  const functions: string[] = [];
  const imports = new Set<string>();
  const owners: Record<string, string> = {};
  for (const { path, file, owner } of all) {
    signal?.throwIfAborted();
    if (leftOut.includes(owner)) continue;
    owners[path] = owner;
    if (LIBRARY.test(path)) {
      const name = `${libraries.length}.so`;
      const library = await readFile(file);
      await writeFile(join(folder, name), library);
      await writeFile(restoredFileOf(join(folder, name)), restoredLibrary(library));
      libraries.push([path, name]);
      functions.push(...inlineCode(library));
      for (const name of importsOfCxx(library)) imports.add(name);
    } else if (!UNUSED.test(path)) files.push({ path, file });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  signal?.throwIfAborted();
  const index = await writeBlob(join(folder, 'packages.bin'), files);
  const blob = await readFile(join(folder, 'packages.bin'));
  await writeFile(join(folder, 'packages.zst'), await compress(blob, level));
  const licenses = await licensesOf(
    packages.filter(({ name }) => !leftOut.includes(name)),
    files,
  );
  await rm(join(folder, 'unpacked'), { recursive: true, force: true });
  await writeFile(
    join(folder, LAYER),
    JSON.stringify({ index, libraries, functions, imports: [...imports], licenses, owners, leftOut }),
  );
}

/** Folders of Python's file system, by what a lock calls them. */
function placesOf(python: string): Record<string, string> {
  const library = `/lib/python${python.split('.').slice(0, 2).join('.')}`;
  return { site: `${library}/site-packages`, stdlib: library, dynlib: '/usr/lib' };
}

async function bridgeFiles(): Promise<ProjectFile[]> {
  const folder = fileURLToPath(packageFile('dist/runtime/python/'));
  const paths = (await filesBelow(folder)).filter((path) => !path.includes('__pycache__'));
  return paths.map((path) => ({ path: `${BRIDGE_FOLDER}/${path}`, file: join(folder, path) }));
}

function refuse({ name, filename }: BuildPackage, error: unknown): never {
  if (!(error instanceof ArchiveError)) throw error;
  const { message: detail } = error;
  throw unanswered([refusedArchive({ problem: 'not_built', filename, package: name, detail })]);
}

async function licensesOf(
  packages: readonly BuildPackage[],
  files: readonly ProjectFile[],
): Promise<PackageLicense[]> {
  return Promise.all(
    packages.map(async ({ name, version, kind }) => {
      const own = files.filter(({ path }) => isAbout(path, name, version));
      const metadata = own.find(({ path }) => path.endsWith('.dist-info/METADATA'));
      const text = metadata ? await readFile(metadata.file, 'utf8') : null;
      const texts = own.filter(({ path }) => /\/(?:licen[cs]e|copying|notice)[^/]*$/i.test(path));
      return {
        name,
        version,
        kind,
        ...licenseOf({ name, version, kind }, text),
        texts: await Promise.all(texts.map(({ file }) => readFile(file, 'utf8'))),
      };
    }),
  );
}

function isAbout(path: string, name: string, version: string): boolean {
  const [, written, stated] = /\/([^/]+?)-([^/-]+)\.dist-info\//.exec(path) ?? [];
  return written?.toLowerCase().replace(/[-_.]+/g, '-') === name && stated === version;
}
