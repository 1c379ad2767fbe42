/** The package of a folder with a plain layout: one that needs no build, because its files are what its wheel would have. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { canonicalJson } from '../../../resolver/digest.ts';
import { isTable, own, type Table, tableAt } from '../../../resolver/formats/table.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { sortedBy } from '../../../resolver/sorted-by.ts';
import type { FileRequirement } from '../../ask/requirement.ts';
import { inputError, readPyproject, readText } from '../../common/read-text.ts';
import type { FolderCode } from '../../packages/folder-wheel.ts';
import { filesBelow, isSkippedFolder } from '../layout.ts';
import { extrasOf, isDynamic, isTexts, type Reading, readList } from './pyproject-file.ts';
import { withSetupCfg } from './setup-cfg.ts';
import { backendOf, SETUPTOOLS, selectionOf, type WheelFile } from './setuptools.ts';
import { type Refusal, UvSources } from './uv-sources.ts';

export interface FolderPackage {
  code: FolderCode;
  /** The requirements of the package, and those of its extras by their names. */
  requirements: FileRequirement[];
  extras: Map<string, FileRequirement[]>;
  uv: UvSources;
}

/** Backends that make a wheel of the files as they are, if no table of theirs says otherwise. */
const BACKENDS = /^(?:hatchling\.build|uv_build|setuptools\.build_meta)$/;
/** A script that says nothing which a table does not say. */
const ONLY_SETUP =
  /^(?:\s|#.*|from setuptools import setup|import setuptools|if __name__ == ["']__main__["']:)*(?:setuptools\.)?setup\(\)\s*$/;
const NEEDS_COMPILER = /\.(?:so|pyd|pyx|c|cc|cpp|rs)$/;

/** The package of a folder, or why there is none without a build. */
export async function readFolderPackage(folder: string): Promise<FolderPackage | Refusal> {
  const file = join(folder, 'pyproject.toml');
  const written = await readPyproject(file);
  const top =
    backendOf(written) === SETUPTOOLS
      ? withSetupCfg(written, (await textIn(folder, 'setup.cfg')) ?? '')
      : written;
  if (top === null) return { problem: 'built', what: 'setup.cfg' };
  const project = tableAt(top, 'project') ?? {};
  const name = own(project, 'name');
  const selection = selectionOf(top);
  const version = own(project, 'version') ?? (await dynamicVersion(folder, top, selection?.root ?? '.'));
  if (typeof name !== 'string' || typeof version !== 'string') return { problem: 'no_project', what: folder };
  if (tableAt(top, 'tool', 'uv')?.package === false) return { problem: 'not_a_package', what: folder };
  const module = canonicalName(name).replaceAll('-', '_');
  const isAt = (path: string) => existsSync(join(folder, path)) || existsSync(join(folder, `${path}.py`));
  const place = ['src/', ''].find((at) => isAt(`${at}${module}`));
  const because = buildReason(await textIn(folder, 'setup.py'), top, place);
  if (because !== null) return { problem: 'built', what: because };
  if (selection === undefined) return { problem: 'built', what: '[tool.setuptools]' };
  const stated = statedModules(top);
  const modules = stated ?? (place === undefined ? [] : [`${place}${module}`]);
  if (!selection && (modules.length === 0 || !modules.every(isAt)))
    return { problem: 'no_module', what: folder };
  // A src/ has nothing but what is installed.
  const isWhole = stated === null && place === 'src/';
  const below = selection
    ? [filesOf(join(folder, selection.root), null)]
    : modules.map((path) => filesOf(join(folder, dirname(path)), isWhole ? null : basename(path)));
  const found = (await Promise.all(below)).flat();
  const files = selection ? selection.select(found) : found;
  if (!files.some(([path]) => path.endsWith('.py'))) return { problem: 'no_module', what: folder };
  const compiled = files.find(([path]) => NEEDS_COMPILER.test(path));
  if (compiled) return { problem: 'built', what: compiled[1] };

  const isConfigured = own(written, 'project') === undefined;
  const source = isConfigured ? join(folder, 'setup.cfg') : file;
  const reading: Reading = { file: source, issues: [], remarks: [] };
  const listed = isConfigured ? 'options.install_requires' : 'project.dependencies';
  const requirements = readList(own(project, 'dependencies'), listed, reading);
  const extras = new Map(
    [...extrasOf(project)].map(([extra, { place, list }]) => {
      const key = isConfigured ? `options.extras_require.${extra}` : place;
      return [extra, readList(list, key, reading)];
    }),
  );
  if (reading.issues.length > 0) throw inputError(reading.issues);
  const info = {
    METADATA: metadataOf({ ...project, version }, requirements, extras),
    ...entryPoints(project),
  };
  const code = { folder, name: canonicalName(name), version, files, info };
  return { code, requirements, extras, uv: new UvSources(file, folder, top) };
}

async function textIn(folder: string, name: string): Promise<string | null> {
  const path = join(folder, name);
  return existsSync(path) ? readText(path) : null;
}

/** The packages and modules that a table of hatchling or uv_build states, by their paths; null if none does so. */
function statedModules(top: Table): string[] | null {
  const hatch = tableAt(top, 'tool', 'hatch', 'build', 'targets', 'wheel')?.packages;
  if (isTexts(hatch)) return hatch.map((path) => posix.normalize(path).replace(/\/$/, ''));
  const uv = tableAt(top, 'tool', 'uv', 'build-backend');
  const names = [uv?.['module-name']].flat();
  const root = uv?.['module-root'] ?? 'src';
  if (!isTexts(names) || typeof root !== 'string') return null;
  return names.every((name) => /^\w+$/.test(name)) ? names.map((name) => posix.join(root, name)) : null;
}

/** The version that a file of the project has in plain text, as hatchling and setuptools read it. */
async function dynamicVersion(folder: string, top: Table, root: string): Promise<string | null> {
  const hatch = tableAt(top, 'tool', 'hatch', 'version')?.path;
  const setuptools = tableAt(top, 'tool', 'setuptools', 'dynamic', 'version');
  const [, dotted, name = '(?:__version__|VERSION)'] =
    /^(.+)\.(\w+)$/.exec(String(setuptools?.attr ?? '')) ?? [];
  const path = dotted?.replaceAll('.', '/');
  const places = [root, 'src'].flatMap((at) =>
    path ? [`${at}/${path}.py`, `${at}/${path}/__init__.py`] : [],
  );
  const [plain] = [setuptools?.file].flat();
  const files = [hatch, plain, ...places].filter((file) => typeof file === 'string');
  const file = files.map((file) => join(folder, file)).find((file) => existsSync(file));
  if (file === undefined) return null;
  const text = await readText(file);
  if (typeof plain === 'string') return text.trim();
  return new RegExp(`^${name}(?:\\s*:\\s*str)?\\s*=\\s*(["'])([^"'\\n]+)\\1`, 'm').exec(text)?.[2] ?? null;
}

/** The reason why only a build backend knows the files of a wheel; null if there is none. */
function buildReason(script: string | null, top: Table, place: string | undefined): string | null {
  const project = tableAt(top, 'project');
  const left = ['dependencies', 'optional-dependencies'].find((field) => isDynamic(project, field));
  if (left !== undefined) return `dynamic = ["${left}"]`;
  const backend = backendOf(top);
  if (!BACKENDS.test(String(backend))) return `build-backend = "${backend}"`;
  if (script !== null && backend === SETUPTOOLS && !ONLY_SETUP.test(script)) return 'setup.py';
  const isStated = statedModules(top) !== null;
  const hatch = tableAt(top, 'tool', 'hatch', 'build');
  const wheel = { packages: tableAt(hatch ?? {}, 'targets', 'wheel')?.packages };
  if (hatch && !(isStated && canonicalJson(hatch) === canonicalJson({ targets: { wheel } })))
    return '[tool.hatch.build]';
  const uv = tableAt(top, 'tool', 'uv', 'build-backend') ?? {};
  const { 'module-root': root, 'module-name': names, ...others } = uv;
  const isOfPlace = names === undefined && (root === undefined || root === (place ?? '').replace('/', ''));
  if (Object.keys(others).length > 0 || !(isStated || isOfPlace)) return '[tool.uv.build-backend]';
  return null;
}

/** The files below the root of the modules, of one module of it, or of all. */
async function filesOf(root: string, module: string | null): Promise<WheelFile[]> {
  const files: WheelFile[] = [];
  const isOfModule = (path: string) => module === null || path.split('/')[0]!.replace(/\.py$/, '') === module;
  const enters = (name: string, path: string) =>
    isOfModule(path) && !isSkippedFolder(name) && !name.endsWith('.egg-info');
  for await (const { path, entry } of filesBelow(root, enters)) {
    if (isOfModule(path) && entry.isFile() && !/^\.|\.py[co]$/.test(entry.name))
      files.push([path, join(root, path)]);
  }
  return sortedBy(files, ([path]) => path);
}

function metadataOf(
  project: Table,
  requirements: readonly FileRequirement[],
  extras: ReadonlyMap<string, readonly FileRequirement[]>,
): string {
  const text = (key: string, field: string) =>
    typeof project[key] === 'string' ? [`${field}: ${project[key]}`] : [];
  const conditional = ({ text }: FileRequirement, extra: string) => {
    const [plain, marker] = text.split(';', 2) as [string, string?];
    return `${plain.trim()} ; ${marker === undefined ? '' : `(${marker.trim()}) and `}extra == "${extra}"`;
  };
  const lines = [
    'Metadata-Version: 2.4',
    ...text('name', 'Name'),
    ...text('version', 'Version'),
    ...text('requires-python', 'Requires-Python'),
    ...text('description', 'Summary'),
    ...text('license', 'License-Expression'),
    ...requirements.map(({ text }) => `Requires-Dist: ${text}`),
    ...[...extras].flatMap(([extra, list]) => [
      `Provides-Extra: ${extra}`,
      ...list.map((requirement) => `Requires-Dist: ${conditional(requirement, extra)}`),
    ]),
  ];
  // A line end in a value would begin another field.
  return `${lines.map((line) => line.replace(/\s+/g, ' ')).join('\n')}\n`;
}

/** The entry points by which packages find plugins. */
function entryPoints(project: Table): Record<string, string> {
  const groups = Object.entries(tableAt(project, 'entry-points') ?? {});
  if (groups.length === 0) return {};
  const lines = groups.flatMap(([group, points]) => [
    `[${group}]`,
    ...Object.entries(isTable(points) ? points : {}).map(([name, place]) => `${name} = ${place}`),
  ]);
  return { 'entry_points.txt': `${lines.join('\n')}\n` };
}
