/** Reads what a check needs from a project's folder that was dropped or chosen, in the browser. Nothing leaves the page. */
import { type Table, tableAt } from '../../../../resolver/formats/table.ts';
import { readWranglerTables, settingIn } from '../../../../resolver/formats/wrangler.ts';
import { canonicalName } from '../../../../resolver/requirements/name.ts';
import { dependenciesIn, tablesOf } from '../../../http/box.ts';

export interface Project {
  /** The text of the wrangler file; empty without one. */
  wrangler: string;
  requirements: string;
  /** The requirements whose packages come from elsewhere than an index, which are not among them. */
  elsewhere: string[];
  main: string | undefined;
  /** How many Python files it has. */
  count: number;
  /** Contents by path from the folder of the wrangler file. */
  files: Record<string, Uint8Array>;
}

/** A file by its path below the folder, `/` between its parts. */
export interface Entry {
  path: string;
  file: File;
}

const SKIPPED = /(?:^|\/)(?:\.[^/]+|node_modules|__pycache__|venv)\//;
const WRANGLER = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];
/** Names of files are enough here. */
const VENDORED = 'python_modules/';
const MOST_FILES = 5_000;
const MOST_BYTES = 30_000_000;

/** The project with the topmost wrangler file, or a sentence about why it cannot be read. */
export async function readProject(entries: readonly Entry[]): Promise<Project | string> {
  const kept = entries.filter(({ path }) => !SKIPPED.test(`/${path}`) && !SKIPPED.test(path));
  if (kept.length > MOST_FILES)
    return `The folder has more than ${MOST_FILES} files. Drop that of one Worker.`;
  const depth = ({ path }: Entry) => path.split('/').length;
  const [config] = kept
    .filter(({ path }) => WRANGLER.includes(nameOf(path)))
    .sort(
      (a, b) => depth(a) - depth(b) || WRANGLER.indexOf(nameOf(a.path)) - WRANGLER.indexOf(nameOf(b.path)),
    );
  const root = config ? config.path.slice(0, config.path.length - nameOf(config.path).length) : '';
  const inside = kept.flatMap(({ path, file }) =>
    path.startsWith(root) ? [{ path: path.slice(root.length), file }] : [],
  );
  const read = inside.filter(({ path }) => /\.(?:py|so)$|(?:^|\/)python_modules\/[^/]+\.pth$/.test(path));
  const size = read.reduce((sum, { path, file }) => sum + (isLookedUp(path) ? 0 : file.size), 0);
  if (size > MOST_BYTES)
    return 'The Python files of the folder have more than 30 MB. Drop that of one Worker.';
  if (!config && read.length === 0) return 'The folder has neither a wrangler file nor Python files.';

  const files: Record<string, Uint8Array> = {};
  for (const { path, file } of read) {
    files[path] = isLookedUp(path) ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
  }
  const count = read.length;
  const wrangler = (await config?.file.text()) ?? '';
  const main = config && mainOf(nameOf(config.path), wrangler);
  const projects = await projectsIn(kept);
  const required = requirementLines(projects.get(`${root}${PROJECT}`)) ?? (await pipLines(inside));
  const sourced = sourcedNames(projects, root);
  const isElsewhere = (line: string) => sourced.has(nameIn(line));
  // Modules of local packages are in the Worker, too, and must not be looked for in an index.
  const folder = main?.slice(0, main.lastIndexOf('/') + 1) ?? '';
  for (const name of sourced) files[`${folder}${name.replaceAll('-', '_')}.py`] ??= new Uint8Array();
  return {
    wrangler,
    requirements: required.filter((line) => !isElsewhere(line)).join('\n'),
    elsewhere: required.filter(isElsewhere).map(nameIn),
    main,
    count,
    files,
  };
}

function isLookedUp(path: string): boolean {
  return path.includes(VENDORED) || path.endsWith('.so');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function mainOf(name: string, text: string): string | undefined {
  const read = readWranglerTables(name, text, name.endsWith('.toml') ? 'toml' : 'json');
  const main = read.ok ? settingIn(read.value.tables, 'main') : undefined;
  return typeof main === 'string' ? main : undefined;
}

const PROJECT = 'pyproject.toml';

/** The tables of each `pyproject.toml`, by its path. */
async function projectsIn(entries: readonly Entry[]): Promise<Map<string, Table>> {
  const projects = entries.filter(({ path }) => nameOf(path) === PROJECT);
  return new Map(
    await Promise.all(projects.map(async ({ path, file }) => [path, tablesOf(await file.text())] as const)),
  );
}

/** The canonical names that have a source, and those of the other projects of the folder. */
function sourcedNames(projects: ReadonlyMap<string, Table>, root: string): Set<string> {
  const names = [...projects].flatMap(([path, top]) => [
    ...Object.keys(tableAt(top, 'tool', 'uv', 'sources') ?? {}),
    ...(path === `${root}${PROJECT}` ? [] : [tableAt(top, 'project')?.name]),
  ]);
  return new Set(names.filter((name) => typeof name === 'string').map(canonicalName));
}

/** The canonical name with which a requirement begins. */
function nameIn(line: string): string {
  return canonicalName(/^\s*([\w.-]*)/.exec(line)![1]!);
}

function requirementLines(project: Table | undefined): string[] | undefined {
  const lines = project ? dependenciesIn(project) : [];
  return lines.length > 0 ? lines : undefined;
}

async function pipLines(entries: readonly Entry[]): Promise<string[]> {
  const text = await entries.find(({ path }) => path === 'requirements.txt')?.file.text();
  return text === undefined ? [] : text.split('\n');
}

/** Large folders without files of the project. */
const LARGE = ['node_modules', '__pycache__'];

export function chosenEntries(files: FileList): Entry[] {
  // The first part of each path is the folder that was chosen.
  return [...files].map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));
}

/** To be called while the event is handled: afterwards the browser clears the items. */
export async function droppedEntries({ items }: DataTransfer): Promise<Entry[]> {
  const dropped = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const [only] = dropped;
  if (dropped.length === 1 && only!.isDirectory) return entriesIn(only as FileSystemDirectoryEntry, '');
  return (await Promise.all(dropped.map((entry) => entriesOf(entry, '')))).flat();
}

async function entriesOf(entry: FileSystemEntry, folder: string): Promise<Entry[]> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  if (entry.name.startsWith('.') || LARGE.includes(entry.name)) return [];
  return entriesIn(entry as FileSystemDirectoryEntry, `${path}/`);
}

async function entriesIn(entry: FileSystemDirectoryEntry, folder: string): Promise<Entry[]> {
  const reader = entry.createReader();
  const entries: Entry[] = [];
  // A reader returns a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return entries;
    entries.push(...(await Promise.all(some.map((entry) => entriesOf(entry, folder)))).flat());
  }
}
