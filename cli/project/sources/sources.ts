/**
 * The sources of requirements: pip's files, `pyproject.toml`s, locks, and the files that these name with `-r` and `-c`:
 * each once, up to a depth, and only in allowed folders.
 */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isTable, own, tableAt } from '../../../resolver/formats/table.ts';
import { malformedRequirementsFile, refusedFile } from '../../../resolver/issues/files.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { type Include, parseRequirementsFile } from '../../../resolver/requirements/requirements-file.ts';
import { type FileRequirement, isWheelPath } from '../../ask/requirement.ts';
import { CommandError, type LocatedIssue, misused } from '../../common/failure.ts';
import { isFile, isWithin } from '../../common/folders.ts';
import type { Listener, Remark } from '../../common/listener.ts';
import {
  inputError,
  nameOf,
  readPyproject,
  readRequirementsText,
  readText,
  STANDARD_INPUT,
} from '../../common/read-text.ts';
import { projectHome } from '../wrangler-file.ts';
import { isPylock, lockedRequirements, parsePylock } from './lock-files.ts';
import { placeIn, type SourcedRequirement } from './lower.ts';
import { type Choice, parsePyproject } from './pyproject-file.ts';
import { type DeclaredIndex, UvSources } from './uv-sources.ts';

export interface Sources {
  requirements: SourcedRequirement[];
  /** Constraints: they limit versions, and require nothing. */
  constraints: FileRequirement[];
  /** The specifiers of the Pythons that projects support. */
  pythons: FileRequirement[];
  /** The indexes that the files name. */
  indexes: DeclaredIndex[];
  remarks: Remark[];
  /** Why dependencies of projects cannot be read. */
  unread: LocatedIssue[];
}

export const PROJECT_FILE = 'pyproject.toml';

const DEEPEST = 20;
const MOST_FILES = 50;

/** Files that other tools write, or read themselves. `requirements.lock` has lines as pip reads them. */
const OTHER_FILES = /^(?:(?:uv|poetry|pdm|Pipfile)\.lock|Pipfile|.*\.(?:py|ya?ml|cfg|toml))$/;

const EDITABLE = '--editable';
const FIND_LINKS = '--find-links';
/** The options of pip that a line of a file may have, and that count here. */
const HANDLED = new Set([EDITABLE, FIND_LINKS, '--index-url', '--extra-index-url']);

export interface SourceFile {
  name: string;
  kind: Include['kind'];
  /** The real path, or `-` for standard input. */
  path: string;
  /** The folder that its own references are relative to. */
  folder: string;
}

export class SourceWalk {
  readonly sources: Sources = {
    ...{ requirements: [], constraints: [], pythons: [], indexes: [], remarks: [], unread: [] },
  };
  readonly #choice: Choice;
  readonly #folders: readonly string[];
  readonly #done = new Set<string>();

  /** `folders`: the real paths of the folders whose files may be referenced. */
  constructor(choice: Choice, folders: readonly string[]) {
    this.#choice = choice;
    this.#folders = folders;
  }

  /** `trail`: the files that led to this one. */
  async read(file: SourceFile, trail: readonly SourceFile[]): Promise<void> {
    const { kind, name, path } = file;
    const key = `${kind} ${path}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    if (this.#done.size > MOST_FILES)
      throw inputError([refusedFile({ problem: 'too_many', most: MOST_FILES })]);
    const isProject = /^pyproject\.toml$|\.py$/.test(basename(path));
    if (isProject && kind === 'requirements') return this.#readProject(file, trail);
    if (isPylock(path)) return this.#readLock(file);
    if (path.endsWith('.json'))
      return append(this.sources[kind], lockedRequirements(name, await readText(path, name)));
    if (OTHER_FILES.test(basename(path))) {
      throw inputError([malformedRequirementsFile({ problem: 'another_file', file: name })]);
    }
    const text = await readRequirementsText(path, name);
    if (path === STANDARD_INPUT && text.trim() === '') throw misused({ problem: 'no_input' });
    const variable = (name: string) => process.env[name];
    const { entries, options, remarks, refused } = parseRequirementsFile(name, text, variable, HANDLED);
    const issues = refused.map(({ message: detail, fix: remedy, where }) => {
      return { ...malformedRequirementsFile({ problem: 'rejected_line', detail, remedy }), where };
    });
    if (issues.length > 0) throw inputError(issues);
    append(this.sources.remarks, remarks);
    for (const entry of entries) {
      if ('text' in entry) this.sources[kind].push({ ...entry, folder: file.folder });
      else await this.#follow(entry, file, trail);
    }
    for (const { name, value, where } of options) {
      const place = name === EDITABLE ? placeIn(value, file.folder, true) : null;
      if (name === FIND_LINKS) {
        // The folder may have anybody's wheels, which go before those of an index.
        const fix = `Give that folder yourself, if the package set lacks what is in it: ${FIND_LINKS} FOLDER`;
        const message = `${where}: ${FIND_LINKS} is skipped.`;
        this.sources.remarks.push({ severity: 'warning', message, fix });
      } else if (name !== EDITABLE) this.sources.indexes.push({ url: value, where });
      else if (place && 'path' in place && place.path === file.folder) {
        // The project that the file is in: its code is that of the Worker.
        const own: Include = { kind: 'requirements', path: PROJECT_FILE, where };
        if (await requires(join(file.folder, PROJECT_FILE), [])) await this.#follow(own, file, trail);
      } else if (place) this.sources.requirements.push({ text: value, where, place, written: `-e ${value}` });
    }
  }

  async #readProject(file: SourceFile, trail: readonly SourceFile[]): Promise<void> {
    const { name, folder } = file;
    const project = await parsePyproject(name, await readText(file.path, name), this.#choice);
    const { top, requirements, files, unread, requiresPython, remarks } = project;
    const uv = new UvSources(name, folder, top);
    append(
      this.sources.requirements,
      requirements.map((requirement) => ({ ...requirement, uv, folder })),
    );
    const where = `${name}, tool.setuptools.dynamic.dependencies`;
    const at = this.sources.requirements.length;
    for (const path of files) await this.#follow({ kind: 'requirements', path, where }, file, trail);
    for (const requirement of this.sources.requirements.slice(at)) requirement.uv ??= uv;
    if (unread) this.sources.unread.push(unread);
    append(this.sources.indexes, await uv.indexes());
    append(this.sources.constraints, await uv.constraints());
    append(this.sources.remarks, remarks);
    if (requiresPython) this.sources.pythons.push(requiresPython);
    const pinned = join(folder, '.python-version');
    const [, minor] =
      /^(?:cpython[-@])?(3\.\d+)/m.exec(existsSync(pinned) ? await readText(pinned) : '') ?? [];
    if (minor)
      this.sources.pythons.push({ text: `==${minor}.*`, where: join(dirname(name), '.python-version') });
  }

  async #readLock({ name, kind, path, folder }: SourceFile): Promise<void> {
    const lock = await parsePylock(name, await readText(path, name), folder);
    const { requirements, requiresPython, remarks } = lock;
    append(this.sources[kind], requirements);
    append(this.sources.remarks, remarks);
    if (requiresPython) this.sources.pythons.push(requiresPython);
  }

  /** Reads what a file names. A failure has the position of the reference. */
  async #follow({ kind, path: written, where }: Include, from: SourceFile, before: readonly SourceFile[]) {
    const trail = [...before, from];
    const refusal = (given: Parameters<typeof refusedFile>[0]) =>
      inputError([{ ...refusedFile(given), where }]);
    if (/^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(written)) {
      throw refusal({ problem: 'url', path: written });
    }
    const place = resolve(from.folder, written);
    const name =
      from.path === STANDARD_INPUT || isAbsolute(written) ? written : join(dirname(from.name), written);
    const path = await realpath(place).catch(() => place);
    if (!this.#folders.some((folder) => isWithin(folder, path))) {
      throw refusal({ problem: 'outside', path: written, file: name });
    }
    const file = { name, kind, path, folder: dirname(place) };
    if (trail.some((step) => step.path === path && step.kind === file.kind)) {
      const message = `${where}: ${written} includes itself, and is read once.`;
      this.sources.remarks.push({ severity: 'warning', message, fix: 'Leave out this line.' });
    } else if (trail.length > DEEPEST) {
      throw refusal({ problem: 'too_deep', most: DEEPEST });
    } else await this.read(file, trail).catch((error) => locate(error, where));
  }
}

/** Rethrows a failure, with the position of the reference. */
function locate(error: unknown, where: string): never {
  if (!(error instanceof CommandError)) throw error;
  const issues = error.issues.map((issue) => ({ where, ...issue }));
  throw new CommandError(error.exitCode, issues, { cause: error });
}

/** Not by spreading: a file can have more entries than a call can have arguments. */
function append<One>(list: One[], more: readonly One[]): void {
  for (const item of more) list.push(item);
}

export interface SourcePaths {
  /** Requirements files, `pyproject.toml`s, or `-` for standard input. */
  requirements: string[];
  constraints?: string[];
  /** Extras and dependency groups of `pyproject.toml`s. */
  extra?: string[];
  group?: string[];
}

/** Reads each named file once, and each file in their folders that one of them names. */
export async function readSources(paths: SourcePaths): Promise<Sources> {
  const { requirements, constraints = [], extra: extras = [], group: groups = [] } = paths;
  if ([...requirements, ...constraints].filter((path) => path === STANDARD_INPUT).length > 1) {
    throw misused({ problem: 'standard_input_twice' });
  }
  const hasProject = requirements.some((path) => basename(path) === PROJECT_FILE);
  if (extras.length + groups.length > 0 && !hasProject) {
    const option = extras.length > 0 ? '--extra' : '--group';
    throw misused({ problem: 'option_without_file', option, file: PROJECT_FILE });
  }
  const files = await Promise.all([
    ...requirements.map((path) => named(path, 'requirements')),
    ...constraints.map((path) => named(path, 'constraints')),
  ]);
  const folders = await Promise.all(
    files.map(({ path, folder }) => (path === STANDARD_INPUT ? realpath(folder) : dirname(path))),
  );
  const walk = new SourceWalk({ extras, groups }, folders);
  for (const file of files) await walk.read(file, []);
  return walk.sources;
}

async function named(path: string, kind: Include['kind']): Promise<SourceFile> {
  if (path === STANDARD_INPUT) return { name: nameOf(path), kind, path, folder: process.cwd() };
  // A missing file is reported when it is read.
  const real = await realpath(path).catch(() => resolve(path));
  return { name: path, kind, path: real, folder: dirname(resolve(path)) };
}

/** Rejects file names among the requirements: `requirements.txt` would be a valid package name. */
export function checkNames(named: readonly string[]): void {
  for (const text of named) {
    const parsed = parseRequirement(text);
    const isMeant = parsed.ok && (parsed.value.written_name !== text || !/\.(?:txt|in|toml)$/i.test(text));
    if (!isMeant && isFile(text) && !isWheelPath(text))
      throw misused({ problem: 'file_as_requirement', path: text });
  }
}

/** Files that a fix proposes, in this order. wrangler read the last one before it used python_modules. */
const FILES = ['requirements.txt', PROJECT_FILE, 'cf-requirements.txt'];

/** The file of pipenv, which has no other project file. */
const PIPFILE = 'Pipfile';

/** A `pyproject.toml` counts if it has a project table, or one of the requested groups. */
export async function requirementFiles(folder: string, groups: readonly string[] = []): Promise<string[]> {
  const present = [...FILES, PIPFILE].map((name) => join(folder, name)).filter((path) => existsSync(path));
  const useful = await Promise.all(present.map((path) => requires(path, groups)));
  const read = present.filter((_, at) => useful[at]);
  // Poetry's own table and a Pipfile are no other requirements, but the reason why there are none.
  return read.length > 0 ? read : present.filter((_, at) => useful[at] === null);
}

/** Requirements next to the wrangler file, or in the current folder if there is none; a remark says which. */
export async function projectFiles(
  config: string | undefined,
  groups: readonly string[] | undefined,
  listener: Pick<Listener, 'remarks'>,
): Promise<string[]> {
  const files = await requirementFiles(projectHome(config), groups);
  if (files.length === 0) return [];
  const message = `Using what ${files.join(' and ')} ${files.length > 1 ? 'require' : 'requires'}.`;
  listener.remarks([{ severity: 'info', message, fix: null }]);
  return files;
}

/** Some `pyproject.toml` files only configure tools; null if Poetry's own table or a Pipfile has the requirements. */
async function requires(path: string, groups: readonly string[]): Promise<boolean | null> {
  if (basename(path) !== PROJECT_FILE) return basename(path) === PIPFILE ? null : true;
  const top = await readPyproject(path);
  if (isTable(own(top, 'project')) || (groups.length > 0 && isTable(own(top, 'dependency-groups'))))
    return true;
  return tableAt(top, 'tool', 'poetry', 'dependencies') ? null : false;
}
