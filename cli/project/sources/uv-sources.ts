/**
 * Where `[tool.uv]` of a project gets packages from: sources by name, the members of its workspace, and indexes.
 * docs.astral.sh/uv/concepts/projects/dependencies and …/workspaces say what they mean.
 */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isTable, own, type Table, tableAt } from '../../../resolver/formats/table.ts';
import type { refusedSource } from '../../../resolver/issues/files.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import type { FileRequirement } from '../../ask/requirement.ts';
import { withoutCredentials } from '../../common/credentials.ts';
import { isFolder } from '../../common/folders.ts';
import { inputError, readPyproject } from '../../common/read-text.ts';
import { nameOf, type Reading, readList } from './pyproject-file.ts';

/** A folder or a wheel of this machine, the URL of an index, or why there is none. */
export type Place = { path: string } | { index: string } | Refusal;

export type Refusal = Pick<Parameters<typeof refusedSource>[0], 'problem' | 'what'> & { first?: string[] };

export type Source = Place & {
  marker?: string | undefined;
  /** The extra or the group of the project that the source is for. */
  extra?: string | undefined;
  group?: string | undefined;
};

/** An index that a file names. */
export interface DeclaredIndex {
  url: string;
  where: string;
}

interface Workspace {
  root: string;
  top: Table;
  /** Folders by the names of their projects. */
  members: Map<string, string>;
}

const KINDS = ['git', 'url', 'path', 'workspace', 'index'] as const;

export class UvSources {
  readonly #file: string;
  readonly #folder: string;
  readonly #top: Table;
  #workspace: Promise<Workspace | null> | undefined;

  /** `file`: what messages call it; `folder`: what its paths are relative to. */
  constructor(file: string, folder: string, top: Table) {
    this.#file = file;
    this.#folder = folder;
    this.#top = top;
  }

  /** The sources of a name: those of the project, else those of the root of its workspace. */
  async of(name: string): Promise<Source[]> {
    const workspace = await this.#findWorkspace();
    const mine = entryIn(this.#top, name);
    const entry = mine ?? (workspace ? entryIn(workspace.top, name) : undefined);
    const base = mine === undefined && workspace ? workspace.root : this.#folder;
    const named = async (source: unknown): Promise<Source> => {
      const place = sourceOf(source, name, base, workspace);
      if (!('problem' in place) || place.problem !== 'index') return place;
      const { problem: _, what, ...conditions } = place;
      const settings = await this.#settings();
      const entries = settings.flatMap(({ table }) => own(table, 'index') ?? []).filter(isTable);
      const url = entries.find((entry) => own(entry, 'name') === what)?.url;
      return typeof url === 'string' ? { ...conditions, index: url } : { ...place, problem: 'no_index' };
    };
    if (entry !== undefined) return Promise.all([entry].flat().map(named));
    const isMember = workspace?.members.has(name) && nameIn(this.#top) !== name;
    return isMember ? [{ problem: 'undeclared_member', what: workspace!.root }] : [];
  }

  async indexes(): Promise<DeclaredIndex[]> {
    const settings = await this.#settings();
    return settings.flatMap(({ where, table }) => indexesIn(table).map((url) => ({ url, where })));
  }

  /** uv's settings, with what messages call their files: those of a script, and those of the folder. */
  async #settings(): Promise<{ where: string; table: Table }[]> {
    const { file, table } = await settingsAt((await this.#findWorkspace())?.root ?? this.#folder);
    const isScript = basename(this.#file) !== FILE;
    const isOwn = !isScript && file === join(this.#folder, FILE);
    const around = { where: isOwn ? this.#file : file, table };
    const inside = isScript ? tableAt(this.#top, 'tool', 'uv') : undefined;
    return inside ? [{ where: this.#file, table: inside }, around] : [around];
  }

  /** The constraints of uv's settings, which count only at the root of a workspace. */
  async constraints(): Promise<FileRequirement[]> {
    const { root, top } = (await this.#findWorkspace()) ?? { root: this.#folder, top: this.#top };
    const file = top === this.#top ? this.#file : join(root, FILE);
    const reading: Reading = { file, issues: [], remarks: [] };
    const field = 'constraint-dependencies';
    const constraints = readList(tableAt(top, 'tool', 'uv')?.[field], `tool.uv.${field}`, reading);
    if (reading.issues.length > 0) throw inputError(reading.issues);
    return constraints;
  }

  /** Where uv has the lock: a workspace has one. */
  async lockFile(): Promise<string> {
    return join((await this.#findWorkspace())?.root ?? dirname(this.#file), 'uv.lock');
  }

  #findWorkspace(): Promise<Workspace | null> {
    this.#workspace ??= workspaceOf(this.#folder, this.#top);
    return this.#workspace;
  }
}

const FILE = 'pyproject.toml';

const nameIn = (top: Table): string | null => nameOf(tableAt(top, 'project') ?? {});

function entryIn(top: Table, name: string): unknown {
  const sources = tableAt(top, 'tool', 'uv', 'sources') ?? {};
  return Object.entries(sources).find(([key]) => canonicalName(key) === name)?.[1];
}

/** The URLs of the indexes that are asked for every name. */
function indexesIn(table: Table): string[] {
  const texts = (key: string) =>
    [table, tableAt(table, 'pip') ?? {}]
      .flatMap((place) => own(place, key) ?? [])
      .filter((value) => typeof value === 'string');
  const named = [own(table, 'index') ?? []].flat().flatMap((entry) => {
    const url = isTable(entry) && own(entry, 'explicit') !== true ? own(entry, 'url') : undefined;
    return typeof url === 'string' ? url : [];
  });
  return [...named, ...texts('extra-index-url'), ...texts('index-url')];
}

function sourceOf(value: unknown, name: string, base: string, workspace: Workspace | null): Source {
  const table = isTable(value) ? value : {};
  const text = (key: string) => {
    const written = own(table, key);
    return typeof written === 'string' ? written : undefined;
  };
  const [kind, ...others] = KINDS.filter((key) => own(table, key) !== undefined);
  const conditions = { marker: text('marker'), extra: text('extra'), group: text('group') };
  const place = (): Place => {
    const what = kind === undefined ? undefined : text(kind);
    if (kind === 'workspace' && own(table, kind) === true) {
      if (!workspace) return { problem: 'no_workspace', what: base };
      const path = workspace.members.get(name);
      return path === undefined ? { problem: 'no_member', what: workspace.root } : { path };
    }
    if (kind === undefined || kind === 'workspace' || what === undefined || others.length > 0)
      return { problem: 'not_understood', what: JSON.stringify(value) };
    if (kind === 'git') return { problem: 'repository', what: withoutCredentials(what) };
    if (kind !== 'path') return { problem: kind, what: withoutCredentials(what) };
    if (own(table, 'package') === false) return { problem: 'not_a_package', what };
    return placeAt(resolve(base, what), what);
  };
  return { ...conditions, ...place() };
}

/** A path that somebody wrote: of a folder or a wheel. */
export function placeAt(path: string, written: string): Place {
  if (!existsSync(path)) return { problem: 'absent', what: written };
  if (isFolder(path) || path.endsWith('.whl')) return { path };
  return { problem: 'archive', what: written };
}

/** The workspace of the next `pyproject.toml` that declares one, if that counts the project as a member. */
async function workspaceOf(folder: string, top: Table): Promise<Workspace | null> {
  for (let root = await realpath(folder), isOwn = true; ; root = dirname(root), isOwn = false) {
    const file = join(root, FILE);
    const declared = isOwn ? top : await readPyproject(file, 'uv');
    const table = tableAt(declared, 'tool', 'uv', 'workspace');
    if (table) {
      const members = await membersOf(root, table);
      const isMember = isOwn || members.includes(await realpath(folder));
      if (!isMember) return null;
      const named = [root, ...members].map(async (folder) => {
        const name = nameIn(await readPyproject(join(folder, FILE)));
        return name === null ? [] : [[name, folder] as const];
      });
      return { root, top: declared, members: new Map((await Promise.all(named)).flat()) };
    }
    if (dirname(root) === root) return null;
  }
}

async function membersOf(root: string, workspace: Table): Promise<string[]> {
  const globs = (key: string) => {
    const list = own(workspace, key);
    return Array.isArray(list) ? list.map((pattern) => String(pattern).replace(/^\.\/|\/+$/g, '')) : [];
  };
  const { glob } = await import('tinyglobby');
  const ignore = [...globs('exclude'), '**/node_modules/**', '**/.venv/**'];
  const options = { onlyDirectories: true, expandDirectories: false, absolute: true } as const;
  return (await glob(globs('members'), { cwd: root, ignore, ...options })).map((path) => resolve(path));
}

/** uv's settings: of the next folder that has some, where a `uv.toml` replaces those of `pyproject.toml`. */
async function settingsAt(folder: string): Promise<{ file: string; table: Table }> {
  for (let place = folder; ; place = dirname(place)) {
    const own = join(place, 'uv.toml');
    if (existsSync(own)) return { file: own, table: await readPyproject(own) };
    const file = join(place, FILE);
    const table = tableAt(await readPyproject(file, 'uv'), 'tool', 'uv');
    if (table || dirname(place) === place) return { file, table: table ?? {} };
  }
}
