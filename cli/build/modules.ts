/** The modules of a built Worker, by name. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerManifest } from '../../runtime/manifest.ts';
import { packageFile } from '../package-root.ts';
import { sha256Of } from './digests.ts';
import type { PackagesLayer } from './packages.ts';

export interface WorkerParts {
  pyodide: string;
  layer: PackagesLayer;
  /** The project's files as a blob. */
  project: string;
  manifest: WorkerManifest;
  /** In Base64. */
  compiled: readonly string[];
  /** The pages of the snapshot. */
  snapshot: string | null;
}

/** What begins the Worker. */
export const ENTRY = 'index.js';

/** Writes all modules into a folder that is there. */
export async function writeModules(folder: string, parts: WorkerParts): Promise<void> {
  const { pyodide, layer, manifest } = parts;
  await Promise.all(['pyodide', 'lib', 'compiled'].map((name) => mkdir(join(folder, name))));
  const put = (from: string, name: string) => copyFile(from, join(folder, name));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const own = (name: string) => fileURLToPath(packageFile(`dist/runtime/${name}`));
  await Promise.all([
    put(own('host.js'), 'host.js'),
    put(own('worker.js'), 'worker.js'),
    put(join(pyodide, 'pyodide.mjs'), 'pyodide/pyodide.mjs'),
    put(join(pyodide, 'pyodide.asm.mjs'), 'pyodide/pyodide.asm.mjs'),
    put(join(pyodide, 'pyodide.asm.wasm'), 'pyodide/pyodide.asm.wasm'),
    put(join(pyodide, 'python_stdlib.zip'), 'pyodide/python_stdlib.bin'),
    put(layer.blob, 'packages.bin'),
    put(parts.project, 'project.bin'),
    ...(parts.snapshot === null ? [] : [put(parts.snapshot, 'snapshot.bin')]),
    ...layer.libraries.map(([, file], at) => put(join(layer.folder, file), `lib/${at}.wasm`)),
    ...parts.compiled.map((bytes) => write(compiledName(bytes), Buffer.from(bytes, 'base64'))),
    write(ENTRY, `import './host.js';\nexport { default } from './worker.js';\n`),
    write('wasm.js', wasmModule(layer, parts.compiled)),
    write('parts.js', partsModule(manifest, parts.snapshot !== null)),
  ]);
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

function partsModule(manifest: WorkerManifest, hasSnapshot: boolean): string {
  return [
    `export { loadPyodide } from './pyodide/pyodide.mjs';`,
    `export { default as createModule } from './pyodide/pyodide.asm.mjs';`,
    `export { default as wasm } from './pyodide/pyodide.asm.wasm';`,
    `export { default as stdlib } from './pyodide/python_stdlib.bin';`,
    `export { default as packages } from './packages.bin';`,
    `export { default as project } from './project.bin';`,
    hasSnapshot ? `export { default as snapshot } from './snapshot.bin';` : 'export const snapshot = null;',
    `export const manifest = ${JSON.stringify(manifest)};`,
    '',
  ].join('\n');
}

/** The names of the files that `wrangler` takes as modules, and as what. */
export const MODULE_RULES = [
  { type: 'ESModule', globs: ['**/*.js', '**/*.mjs'] },
  { type: 'CompiledWasm', globs: ['**/*.wasm'] },
  { type: 'Data', globs: ['**/*.bin'] },
];

/** The digest of the code that every Worker carries. */
export async function runtimeDigest(): Promise<string> {
  const files = ['host.js', 'worker.js', 'snapshot.js'];
  const bytes = await Promise.all(files.map((name) => readFile(packageFile(`dist/runtime/${name}`))));
  return sha256Of(bytes.map(sha256Of).join());
}
