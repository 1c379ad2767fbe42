/**
 * The modules of packages that a project imports before any code of its own runs. Nothing of the project can have
 * an effect on them, so they are imported once for all projects that begin with the same.
 */
import { readFile } from 'node:fs/promises';
import { absoluteName, ModuleTree } from '../../resolver/python/modules.ts';
import { decodeSource } from '../../resolver/python/source.ts';
import { type ImportStatement, readImport } from '../../resolver/python/statements.ts';
import { Tokenizer } from '../../resolver/python/tokens.ts';
import { ROOTS } from '../../runtime/site.ts';
import type { PackagesLayer, ProjectFile } from './inputs.ts';

/**
 * Modules that packages import only when a project's code calls them, by the module that does. Nearly all projects that
 * import the package do, so these modules are shared as well, and an edit need not import them again.
 */
const IMPORTED_LATER: readonly (readonly [importer: string, module: string])[] = [
  // FastAPI imports this at the first parameter of a route, to reject models of Pydantic 1.
  ['fastapi._compat.shared', 'pydantic.v1'],
  // Tracing, at the first request.
  ['fastapi.applications', 'fastapi.telemetry._runtime'],
  // The event loop of AnyIO, at the first function that is not async, and the first middleware.
  ['fastapi.concurrency', 'anyio._backends._asyncio'],
  ['starlette.concurrency', 'anyio._backends._asyncio'],
];

export async function leadingImports(
  main: string,
  files: readonly ProjectFile[],
  { index, libraries, roots }: Pick<PackagesLayer, 'index' | 'libraries' | 'roots'>,
): Promise<string[]> {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  const own = ROOTS.map((root) => [root, treeBelow(root, byPath.keys())] as const);
  const paths = [...index, ...libraries].map(([path]) => path);
  const theirs = roots.map((root) => treeBelow(root, paths));
  const isTheirs = (module: string) => theirs.some((tree) => tree.has(module));
  const leading = new Set<string>();
  const visited = new Set<string>();

  /** Returns whether more imports lead. */
  const importModule = async (module: string): Promise<boolean> => {
    const parts = module.split('.');
    const owner = own.find(([, tree]) => tree.has(parts[0]!));
    if (owner === undefined) {
      if (isTheirs(module)) leading.add(module);
      return true;
    }
    const [root, tree] = owner;
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = tree.fileOf(parts.slice(0, depth).join('.'));
      if (path !== null && !(await importFile(root, path))) return false;
    }
    return true;
  };
  const importFile = async (root: string, path: string): Promise<boolean> => {
    if (visited.has(path)) return true;
    visited.add(path);
    const source = decodeSource(await readFile(byPath.get(`${root}/${path}`)!));
    if (!source.ok) return false;
    for (const statement of leadingStatements(source.text)) {
      if (statement === null) return false;
      for (const module of modulesOf(statement, path)) {
        const known = module.isCertain || isModule(module.name);
        if (known && !(await importModule(module.name))) return false;
      }
    }
    return true;
  };
  const isModule = (name: string) => own.some(([, tree]) => tree.has(name)) || isTheirs(name);

  await importModule(main);
  const packages = new Set([...leading].map(topOf));
  for (const [importer, module] of IMPORTED_LATER) {
    if (packages.has(topOf(importer)) && isTheirs(importer) && isTheirs(module)) leading.add(module);
  }
  return [...leading];
}

/** `fastapi.responses` as `fastapi`. */
const topOf = (module: string): string => module.split('.')[0]!;

/** The modules of the files below one folder of `sys.path`. */
export function treeBelow(root: string, paths: Iterable<string>): ModuleTree {
  const below = [...paths].flatMap((path) =>
    path.startsWith(`${root}/`) ? [path.slice(root.length + 1)] : [],
  );
  return new ModuleTree(below);
}

/** The import statements that a file begins with; null for whatever follows them. */
function* leadingStatements(text: string): Generator<ImportStatement | null> {
  const source = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  for (const { words } of new Tokenizer(source).lines()) {
    const isText = words.every(({ kind }) => kind === 'string');
    if (isText) continue;
    const isImport = words[0]!.text === 'import' || words[0]!.text === 'from';
    if (!isImport || words.some(({ text }) => text === ';')) return yield null;
    yield readImport(words);
  }
}

/** The modules that a statement imports. A name after `from … import` may be a module, or anything in one. */
function modulesOf({ origin, items }: ImportStatement, path: string) {
  if (origin === null) return items.map(({ name }) => ({ name, isCertain: true }));
  const { module, level } = origin;
  const name = level === 0 ? module : absoluteName(path, module, level);
  if (name === null) return [];
  const below = items.map((item) => ({ name: `${name}.${item.name}`, isCertain: false }));
  return [...(name === '' ? [] : [{ name, isCertain: true }]), ...below];
}
