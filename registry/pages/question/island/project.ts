/** Reads what a check needs from a project's folder that was dropped or chosen, in the browser. Nothing leaves the page. */
import { type Table, tableAt } from '../../../../resolver/formats/table.ts';
import { readWranglerTables, settingIn } from '../../../../resolver/formats/wrangler.ts';
import { canonicalName } from '../../../../resolver/requirements/name.ts';
import { parseRequirementsFile } from '../../../../resolver/requirements/requirements-file.ts';
import { dependenciesIn, packageSetIn, tablesOf } from '../../../http/box.ts';
import { type Entry, MOST_FILES, SKIPPED } from './entries.ts';

export interface Project {
  config: Entry | null;
  /** The text of the wrangler file; empty without one. */
  wrangler: string;
  /** The package flag in its settings of `pinwheel`, if there is one. */
  pinned: { path: string; flag: string }[];
  /** The files that have requirements, each with those of an index. */
  listed: Listed[];
  /** The requirements whose packages come from elsewhere than an index, which are not among them. */
  elsewhere: string[];
  main: string | undefined;
  /** How many Python files it has. */
  count: number;
  /** Contents by path from the folder of the wrangler file. */
  files: Record<string, Uint8Array>;
}

interface Listed {
  path: string;
  lines: string[];
  /** Names of files and settings that are not read. */
  skipped: string[];
}

const WRANGLER = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];
/** Names of files are enough here. */
const VENDORED = 'python_modules/';
const MOST_BYTES = 30_000_000;

/** The project with the topmost wrangler file, or a sentence about why it cannot be read. */
export async function readProject(entries: readonly Entry[]): Promise<Project | string> {
  const kept = entries.filter(({ path }) => !SKIPPED.test(path));
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
  const projects = await projectsIn(kept);
  const path = `${root}${PROJECT}`;
  const project = projects.get(path) ?? {};
  const lines = dependenciesIn(project);
  const listed = lines.length > 0 ? [{ path, lines, skipped: [] }] : await pipLines(inside, root);
  if (!config && read.length === 0 && listed.length === 0)
    return 'There is neither a wrangler file nor pyproject.toml, requirements.txt or Python files.';

  const files: Record<string, Uint8Array> = {};
  for (const { path, file } of read) {
    files[path] = isLookedUp(path) ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
  }
  const wrangler = (await config?.file.text()) ?? '';
  const main = config && mainOf(nameOf(config.path), wrangler);
  const sourced = sourcedNames(projects, root);
  const isElsewhere = (line: string) => sourced.has(nameIn(line));
  // Modules of local packages are in the Worker, too, and must not be looked for in an index.
  const folder = main?.slice(0, main.lastIndexOf('/') + 1) ?? '';
  for (const name of sourced) files[`${folder}${name.replaceAll('-', '_')}.py`] ??= new Uint8Array();
  return {
    config: config ?? null,
    wrangler,
    pinned: packageSetIn(project).map((flag) => ({ path, flag })),
    listed: listed.map((of) => ({ ...of, lines: of.lines.filter((line) => !isElsewhere(line)) })),
    elsewhere: listed.flatMap(({ lines }) => lines.filter(isElsewhere).map(nameIn)),
    main,
    count: read.length,
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

/** Lines of `requirements.txt`, or without it of all `requirements*.txt`, which are for some deployments. */
async function pipLines(entries: readonly Entry[], root: string): Promise<Listed[]> {
  const files = entries.filter(({ path }) => /^requirements[^/]*\.txt$/.test(path));
  const main = files.filter(({ path }) => path === 'requirements.txt');
  return Promise.all(
    (main.length > 0 ? main : files).map(async ({ path, file }) => {
      const { entries: lines, remarks, refused } = parseRequirementsFile(path, await file.text());
      return {
        path: root + path,
        lines: lines.flatMap((line) => ('text' in line ? line.text : [])),
        skipped: [
          ...lines.flatMap((line) => ('text' in line ? [] : line.path)),
          ...[...remarks, ...refused].map(({ message }) => message),
        ],
      };
    }),
  );
}
