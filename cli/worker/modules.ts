/** The modules of a built Worker, by name. */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Table } from '../../resolver/formats/table.ts';
import { takenAssets, unknownPlace } from '../../resolver/issues/build.ts';
import { filesOf } from '../../runtime/libraries.ts';
import type { WorkerManifest } from '../../runtime/manifest.ts';
import { FILES_BINDING, type Placed } from '../../runtime/placed.ts';
import { unanswered } from '../common/failure.ts';
import { writeFile } from '../common/folders.ts';
import { packageFile } from '../common/package-root.ts';
import { sha256Of } from './files.ts';
import { withFunctions, withoutUnusedVariables } from './glue.ts';
import type { PackagesLayer } from './inputs.ts';
import { restoredFileOf, withoutUnusedExports } from './restored-binary.ts';
import type { ProjectClasses } from './snapshot/job.ts';

export interface WorkerParts {
  pyodide: string;
  layer: PackagesLayer;
  /** The project's files as a blob. */
  project: string;
  manifest: WorkerManifest;
  /** Modules that were made from bytes, in Base64. */
  compiled: readonly string[];
  pages: SnapshotPages | null;
  classes: ProjectClasses;
  /** The placement of the standard library, the packages' files and the snapshot. */
  place: Place;
}

export interface SnapshotPages {
  base: string;
  changes: string;
}

/** The standard library, in the folder of a Pyodide. */
export const COMPRESSED_STDLIB = 'python_stdlib.zst';

export const ENTRY = 'index.js';

export async function writeModules(folder: string, parts: WorkerParts): Promise<void> {
  const { pyodide, layer, manifest } = parts;
  await Promise.all(['pyodide', 'lib', 'compiled'].map((name) => mkdir(join(folder, name))));
  const put = (from: string, name: string) => copyFile(from, join(folder, name));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const { snapshot } = manifest;
  const restored = snapshot && filesOf(snapshot.libraries);
  const binaryOf = (file: string, isRestored: boolean) => (isRestored ? restoredFileOf(file) : file);
  const own = (name: string) => fileURLToPath(packageFile(`dist/runtime/${name}`));
  const large = await Promise.all(
    LARGE.map(async ([name, path]) => [
      name,
      await putLarge(folder, path, largeFile(name, parts), parts.place),
    ]),
  );
  const glue = await readFile(join(pyodide, 'pyodide.asm.mjs'), 'utf8');
  const binary = await readFile(binaryOf(join(pyodide, 'pyodide.asm.wasm'), snapshot !== null));
  const { functions } = layer;
  const whole = functions.length === 0 ? glue : withFunctions(manifest.runtime.pyodide, glue, functions);
  await Promise.all([
    put(own('host.js'), 'host.js'),
    put(own('worker.js'), 'worker.js'),
    put(join(pyodide, 'pyodide.mjs'), 'pyodide/pyodide.mjs'),
    write('pyodide/pyodide.asm.mjs', withoutUnusedVariables(whole)),
    write('pyodide/pyodide.asm.wasm', withoutUnusedExports(binary, layer.imports)),
    put(parts.project, 'project.bin'),
    ...layer.libraries.map(([path, file], at) =>
      put(binaryOf(join(layer.folder, file), restored?.has(path) ?? false), `lib/${at}.wasm`),
    ),
    ...parts.compiled.map((bytes) => write(compiledName(bytes), Buffer.from(bytes, 'base64'))),
    write(ENTRY, entryModule(parts.classes)),
    write('wasm.js', wasmModule(layer, parts.compiled)),
    write('parts.js', partsModule(manifest, large as [string, string][])),
  ]);
}

/** Exports what workerd looks for by name. */
function entryModule(classes: ProjectClasses): string {
  const exported = Object.entries(classes).map(([name, { kind, methods, events }]) => {
    const words = [kind, name, methods, ...(events ? [events] : [])].map((part) => JSON.stringify(part));
    const made = `classFor(${words.join(', ')});`;
    return name === 'Default' ? `export default ${made}` : `export const ${name} = ${made}`;
  });
  if (!classes.Default) exported.unshift("export { default } from './worker.js';");
  const imported = Object.keys(classes).length === 0 ? [] : ["import { classFor } from './worker.js';"];
  return ["import './host.js';", ...imported, ...exported, ''].join('\n');
}

/** Lets a built Worker answer every request with a text. The next build replaces it, as any file that was changed. */
export function writeFailure(folder: string, text: string): Promise<void> {
  const answer = `new Response(${JSON.stringify(`${text}\n`)}, { status: 500 })`;
  const lines = [
    "import * as bases from 'cloudflare:workers';",
    `const fetch = () => ${answer};`,
    'export default { fetch };',
    'export const classFor = (kind) => class extends bases[kind] { fetch() { return fetch(); } };',
  ];
  return writeFile(join(folder, 'worker.js'), lines.join('\n'));
}

function compiledName(bytes: string): string {
  return `compiled/${sha256Of(Buffer.from(bytes, 'base64')).slice(0, 16)}.wasm`;
}

function wasmModule({ libraries }: PackagesLayer, compiled: readonly string[]): string {
  return [
    ...compiled.map((bytes, at) => `import c${at} from './${compiledName(bytes)}';`),
    ...libraries.map((_, at) => `import l${at} from './lib/${at}.wasm';`),
    `export const compiled = new Map([${compiled.map((bytes, at) => `['${bytes}', c${at}]`).join(',\n')}]);`,
    `export const libraries = new Map([${libraries.map(([path], at) => `[${JSON.stringify(path)}, l${at}]`).join(',\n')}]);`,
    '',
  ].join('\n');
}

/** A file that may be placed outside of the bundle, and its path if it is in the bundle. */
const LARGE = [
  ['stdlib', 'pyodide/python_stdlib.bin'],
  ['packages', 'packages.bin'],
  ['base', 'snapshot/base.bin'],
  ['changes', 'snapshot/changes.bin'],
] as const;

function largeFile(name: (typeof LARGE)[number][0], { pyodide, layer, pages }: WorkerParts): string | null {
  if (name === 'stdlib') return join(pyodide, COMPRESSED_STDLIB);
  return name === 'packages' ? layer.compressed : (pages?.[name] ?? null);
}

/** Puts a file where it goes. Returns the line of JavaScript that exports it under the name `it`. */
async function putLarge(folder: string, path: string, file: string | null, place: Place): Promise<string> {
  if (file === null) return 'export const it = null;';
  if (place.kind === 'bundle') {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(file, join(folder, path));
    return `export { default as it } from './${path}';`;
  }
  return `export const it = ${JSON.stringify(await placeFile(folder, place.kind, file))};`;
}

function partsModule(manifest: WorkerManifest, large: readonly [name: string, line: string][]): string {
  return [
    `export { loadPyodide } from './pyodide/pyodide.mjs';`,
    `export { default as createModule } from './pyodide/pyodide.asm.mjs';`,
    `export { default as wasm } from './pyodide/pyodide.asm.wasm';`,
    `export { default as project } from './project.bin';`,
    ...large.map(([name, line]) => line.replace(/\bit\b/, name)),
    `export const manifest = ${JSON.stringify(manifest)};`,
    '',
  ].join('\n');
}

/**
 * The names of the files that `wrangler` takes as modules. It has rules of its own for `*.wasm` and `*.bin`, and before
 * 4.105 it refuses a file that these match after a rule without `fallthrough`.
 */
export const MODULE_RULES = [{ type: 'ESModule', globs: ['**/*.js', '**/*.mjs'], fallthrough: false }];

/** The digest of the code that every Worker includes. */
export function runtimeDigest(): Promise<string> {
  return digestOf('runtime/host.js', 'runtime/worker.js', 'runtime/snapshot.js');
}

/** The digest of the program that writes Workers. */
export function programDigest(): Promise<string> {
  return digestOf('pinwheel.js');
}

async function digestOf(...files: string[]): Promise<string> {
  const bytes = await Promise.all(files.map((name) => readFile(packageFile(`dist/${name}`))));
  return sha256Of(bytes.map(sha256Of).join());
}

export type Place = { kind: 'bundle' } | { kind: 'assets' } | { kind: 'r2'; bucket: string };

export const PLACES = ['bundle', 'assets', 'r2'];

/** The size limit of static assets. R2 accepts larger files. */
const LARGEST = 20 * 1024 * 1024;

/** Folders next to the modules. Their files have no suffix, so that wrangler does not treat them as modules. */
const FOLDERS = { assets: 'assets/_pinwheel', r2: 'r2' };

/** Options go before `[tool.pinwheel]`. */
export function readPlace(
  given: { place?: string; bucket?: string },
  tool: { place?: string; bucket?: string },
): Place {
  const kind = given.place ?? tool.place ?? 'bundle';
  const bucket = given.bucket ?? tool.bucket;
  if (kind === 'bundle' || kind === 'assets') return { kind };
  if (kind === 'r2' && bucket !== undefined) return { kind, bucket };
  throw unanswered([unknownPlace({ place: kind, places: PLACES })]);
}

/** The settings with a binding to the place. Throws if the project already uses that binding or folder. */
export function withPlace(settings: Table, place: Place, file: string): Table {
  if (place.kind === 'bundle') return settings;
  if (place.kind === 'r2') {
    const buckets = Array.isArray(settings.r2_buckets) ? settings.r2_buckets : [];
    return { ...settings, r2_buckets: [...buckets, { binding: FILES_BINDING, bucket_name: place.bucket }] };
  }
  if (settings.assets !== undefined) throw unanswered([takenAssets({ file })]);
  // Without it, anyone who knows their names could download the files.
  const assets = { directory: 'assets', binding: FILES_BINDING, run_worker_first: true };
  return { ...settings, assets };
}

/** Puts a file into its place, in pieces that are named by their digests. */
export async function placeFile(folder: string, kind: 'assets' | 'r2', file: string): Promise<Placed> {
  const bytes = await readFile(file);
  const to = join(folder, FOLDERS[kind]);
  await mkdir(to, { recursive: true });
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += LARGEST) {
    const piece = bytes.subarray(at, at + LARGEST);
    const name = sha256Of(piece);
    pieces.push(name);
    await writeFile(join(to, name), piece);
  }
  return { kind, size: bytes.length, pieces };
}
