/** Checks a project's files against the runtime that they run on. */
import type { Diagnostic, RegistryStamp, Target } from '../answer.ts';
import { parseRequirements, type ResolveQuestion, resolve } from '../closure/resolve.ts';
import { openSeen } from '../closure/seen.ts';
import { MOST_EXPLAINED, type PinwheelSource } from '../closure/source.ts';
import { withUndeclared } from '../closure/undeclared.ts';
import { selectTarget } from '../compatibility/target.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import { evidenceIn } from '../evidence-level.ts';
import { type Issue, type Outcome, placesOf } from '../issue.ts';
import { noStandardLibrary } from '../issues/documents.ts';
import { remark } from '../issues/fixes.ts';
import { type CheckedImports, checkImports, type Report } from '../python/check.ts';
import type { Hints } from '../python/failures.ts';
import { countFindings, type Finding, sortFindings } from '../python/finding.ts';
import { createHost, flagsOn, sdkIsExternalIn } from '../python/host.ts';
import { ModuleTree, packagesProviding } from '../python/modules.ts';
import type { Host, ListedRequirement, Project, ScannedFile } from '../python/project.ts';
import { NOTHING } from '../python/project.ts';
import { scanPython } from '../python/scan.ts';
import { decodeSource } from '../python/source.ts';
import { sortedBy } from '../sorted-by.ts';
import {
  type Installed,
  isInstallRecord,
  MARKER_FILE,
  readInstalled,
  readMarker,
} from '../vendored/folder.ts';
import { type VendoredContext, vendoredContext, vendoredFindings } from '../vendored/judge.ts';

/**
 * The files and requirements of a Worker.
 * @example
 * ```ts
 * import type { Asked, CheckQuestion } from 'pinwheel-py';
 * const question: Asked<CheckQuestion> = {
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   main: 'src/entry.py',
 *   requirements: ['fastapi'],
 *   files: { 'src/entry.py': 'import fastapi' },
 * };
 * Object.keys(question.files); // → ['src/entry.py']
 * ```
 */
export interface CheckQuestion extends Omit<ResolveQuestion, 'requirements'> {
  /**
   * The project's files by their paths from the folder of the wrangler file, `/` between their parts: Python as text
   * or bytes. In `python_modules/`, only file names matter, and the content of each package's `WHEEL` and `RECORD` and
   * of the `.pinwheel.json` of `pinwheel vendor`.
   */
  files: Readonly<Record<string, string | Uint8Array>>;
  /** The main module, as wrangler's `main`: modules are imported from its folder. */
  main?: string | undefined;
  requirements?: readonly string[] | undefined;
}

/**
 * The findings of a check. For a finding about a requirement, `path` is `requirements`, and `line` is its position in
 * the list, from 1.
 * @example
 * ```ts
 * import { createResolver } from 'pinwheel-py/bundled';
 * const { findings } = await createResolver().check({
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   main: 'src/entry.py',
 *   files: { 'src/entry.py': 'import yaml\\ndef on_fetch(request): ...' },
 * });
 * findings.find(({ code }) => code === 'unlisted_package')?.message; // → 'yaml comes with pyyaml 6.0.2, which nothing requires.'
 * ```
 */
export interface CheckAnswer extends Report {
  registry: RegistryStamp;
  answer_version: number;
  target: Target;
}

/** The path of findings about requirements, which are not in a file. */
const REQUIREMENTS = 'requirements';
/** The folders that wrangler uploads packages from: today's, and the one of Workers before 2025-08-11. */
const VENDORED = ['python_modules/', 'vendor/'];

/**
 * Answers `check` of a client, which by itself has no code for it.
 * @example
 * ```ts
 * import { createClient } from 'pinwheel-py/client';
 * import { check } from 'pinwheel-py/python';
 * const pinwheel = createClient({ registry: 'https://registry.example', check });
 * typeof pinwheel.check; // → 'function'
 * ```
 */
export async function check(
  view: CatalogView,
  question: CheckQuestion,
  source: PinwheelSource,
): Promise<Outcome<CheckAnswer>> {
  const texts = question.requirements ?? [];
  const selected = selectTarget(view, question);
  if (!selected.ok) return selected;
  const parsed = parseRequirements(texts);
  if (!parsed.ok) return parsed;
  const documents = await source.standardLibrary();
  if (!documents) return { ok: false, issues: [noStandardLibrary({})] };

  const target = selected.value;
  const { flag, members } = await openSeen(view, target.package_set, source);
  const packages = sortedBy(members, ({ name }) => name);
  const { host, unmet, extras } = createHost({
    target,
    set: { flag, packages },
    requirements: parsed.value,
    ...documents,
    facts: withUndeclared(documents.facts, members, evidenceIn(view, flag)),
  });
  const requirements = parsed.value.map((requirement, at): CheckedRequirement => {
    const { name, text } = requirement;
    return { name, text, parsed: requirement, file: REQUIREMENTS, line: at + 1, column: 1 };
  });
  const open = new Set<unknown>(unmet);
  const { prefix, project, vendored } = projectOf(question, requirements, view, host);
  const checked = await checkProject(
    {
      project,
      host,
      requirements,
      unmet: requirements.filter((requirement) => open.has(requirement.parsed)),
      hasList: texts.length > 0,
      vendored,
      fetchesLater: project.sdk === 'vendored_later',
    },
    {
      async findIssues(texts) {
        const outcome = await resolve(view, { ...question, requirements: texts }, source);
        return outcome.ok ? [] : outcome.issues;
      },
      packagesHaving: (keyOf) => packagesProviding(view, source, keyOf),
    },
  );
  const own = new Set(project.paths);
  const more = [
    ...checked.unmet.flatMap(findingsOfIssue),
    ...extrasFindings(extras, requirements),
    ...checked.vendored,
  ];
  const report = shownReport(checked.report, more, (path) => (own.has(path) ? prefix + path : path));
  return { ok: true, value: { registry: view.stamp, answer_version: ANSWER_VERSION, target, ...report } };
}

/** A report with more findings, and its paths as `shown` writes them. */
export function shownReport(
  report: Report,
  more: readonly Finding[],
  shown: (path: string) => string,
): Report {
  const all = [...report.findings, ...more].map((finding) => placed(finding, shown(finding.path)));
  const findings = sortFindings(all);
  const { snapshot, totals } = report;
  const entry = snapshot.entry === null ? null : shown(snapshot.entry);
  return {
    ...report,
    findings,
    snapshot: { ...snapshot, entry },
    totals: { ...totals, ...countFindings(findings) },
  };
}

/** A finding in another spelling of its path, also where a fix edits that file. */
function placed(finding: Finding, path: string): Finding {
  const fixes = finding.fixes.map((fix) =>
    fix.kind === 'edit_file' && fix.file === finding.path ? { ...fix, file: path } : fix,
  );
  return { ...finding, path, fixes };
}

/** The project, with paths relative to the folder that modules are imported from; and that folder. */
function projectOf(
  { files, main }: CheckQuestion,
  requirements: readonly ListedRequirement[],
  view: CatalogView,
  host: Host,
): { prefix: string; project: Project; vendored: VendoredPlace[] } {
  const all = Object.entries(files).map(([path, content]) => ({
    path: path.replace(/^(?:\.?\/)+/, ''),
    content,
  }));
  const mainPath = main?.replace(/^(?:\.?\/)+/, '');
  const isKnown = mainPath !== undefined && all.some(({ path }) => path === mainPath);
  const prefix = isKnown ? mainPath.slice(0, mainPath.lastIndexOf('/') + 1) : '';
  const paths = new Set(all.map(({ path }) => path));
  // A project's own module may be called `vendor`, too.
  const folders = [...new Set(['', prefix])]
    .flatMap((above) => VENDORED.map((name) => above + name))
    .filter((folder) => !paths.has(`${folder}__init__.py`));
  const folderOf = (path: string) => folders.find((folder) => path.startsWith(folder));
  const own = all
    .filter(({ path }) => path.startsWith(prefix) && !folderOf(path) && /\.(?:py|so)$/.test(path))
    .map(({ path, content }) => ({ path: path.slice(prefix.length), content }));
  const sorted = sortedBy(own, ({ path }) => path);
  const { sdk } = host.facts;
  const vendorsSdk = requirements.some(({ name }) => sdk.packages.includes(name));
  const vendored = folders.flatMap((folder) => vendoredPlace(folder, all) ?? []);
  return {
    prefix,
    vendored,
    project: {
      files: sorted.flatMap(({ path, content }) =>
        path.endsWith('.py') ? [scanned(path, content, host.watched)] : [],
      ),
      paths: sorted.map(({ path }) => path),
      main: isKnown ? mainPath.slice(prefix.length) : null,
      root: isKnown ? (prefix.split('/').at(-2) ?? null) : null,
      vendored: vendored.flatMap(({ files }) => files),
      requirements,
      requirementsFile: REQUIREMENTS,
      places: vendored,
      flags: flagsOn(view, host.target),
      sdk: sdkIsExternalIn(view, host) ? (vendorsSdk ? 'vendored_later' : 'missing') : 'runtime',
    },
  };
}

/** The files in a folder, whose name ends in `/`; null for an empty one. */
function vendoredPlace(
  folder: string,
  all: readonly { path: string; content: string | Uint8Array }[],
): VendoredPlace | null {
  const inside = all.filter(({ path }) => path.startsWith(folder));
  if (inside.length === 0) return null;
  const texts = new Map<string, string>();
  let marker: VendoredPlace['marker'] = null;
  for (const { path, content } of inside) {
    const below = path.slice(folder.length);
    if (below !== MARKER_FILE && !isInstallRecord(below)) continue;
    const source = textOf(content);
    const text = source.ok ? source.text : '';
    if (below === MARKER_FILE) marker = readMarker(text);
    else texts.set(below, text);
  }
  const paths = inside.map(({ path }) => path.slice(folder.length));
  return { folder: folder.slice(0, -1), files: paths, marker, installed: readInstalled({ paths, texts }) };
}

const textOf = (content: string | Uint8Array): ReturnType<typeof decodeSource> =>
  typeof content === 'string' ? { ok: true, text: content } : decodeSource(content);

/** A scanned file. `watched`: the modules whose uses are recorded. */
export function scanned(
  path: string,
  content: string | Uint8Array,
  watched: ReadonlySet<string>,
): ScannedFile {
  const source = textOf(content);
  if (!source.ok) return { path, ...NOTHING, problem: source.problem };
  return { path, ...scanPython(source.text, watched), problem: null };
}

export interface CheckedRequirement extends ListedRequirement {
  text: string;
  /** Null if the text is not a requirement. */
  parsed: object | null;
}

export interface VendoredPlace extends Pick<VendoredContext, 'folder' | 'marker'> {
  /** The paths of its files, below it; those of Python and extensions at least. */
  files: readonly string[];
  installed: Installed;
}

/** A project whose files have been read, from wherever they are. */
export interface CheckedProject<Listed extends CheckedRequirement> {
  project: Project;
  host: Host;
  requirements: readonly Listed[];
  /** The requirements that the package set does not satisfy. */
  unmet: readonly Listed[];
  /** Whether the project lists requirements at all. */
  hasList: boolean;
  vendored: readonly VendoredPlace[];
  /** Whether packages are vendored at deployment, from indexes that are not asked here. */
  fetchesLater: boolean;
}

/** Look-ups in all package sets, which explain a failure. */
export interface Alternatives {
  findIssues(requirements: readonly string[]): Promise<readonly Issue[]>;
  /** The names of packages, by what `keyOf` makes of a module that they provide. */
  packagesHaving(keyOf: (module: string) => string | null): Promise<Map<string, Set<string>>>;
}

/** An issue, and the requirements of the project that it is about. */
export interface PlacedIssue<Listed extends ListedRequirement> {
  issue: Issue;
  at: readonly Listed[];
}

/** The findings of a project: of its imports, its requirements, and its vendored packages. */
export async function checkProject<Listed extends CheckedRequirement>(
  { project, host, requirements, unmet, hasList, vendored, fetchesLater }: CheckedProject<Listed>,
  alternatives: Alternatives,
): Promise<
  Pick<CheckedImports, 'reached'> & { report: Report; unmet: PlacedIssue<Listed>[]; vendored: Finding[] }
> {
  const checked = checkImports(project, host);
  const met = requirements.filter((requirement) => !unmet.includes(requirement));
  const texts = met.map(({ text }) => text);
  const hints = await hintsOf(checked.unknown, texts, alternatives);
  const isWhole = unmet.length === 0 && hasList;
  const listed = requirements.filter(({ parsed }) => parsed !== null);
  const context = vendoredContext(host, listed, { isWhole, fetchesLater });
  const isIncluded = includedTest(vendored, host);
  const open = unmet.filter((requirement) => requirement.parsed === null || !isIncluded(requirement));
  return {
    reached: checked.reached,
    report: checked.report(hints),
    unmet: await unmetIssues(open, [...open, ...met], requirements, alternatives),
    vendored: vendored.flatMap(({ installed, folder, marker }) =>
      vendoredFindings(installed, { ...context, folder, marker }),
    ),
  };
}

/** Whether the Worker includes the package of a requirement. */
export function includedTest(
  vendored: readonly VendoredPlace[],
  { facts }: Host,
): (requirement: { name: string }) => boolean {
  const tree = new ModuleTree(vendored.flatMap(({ files }) => files));
  const packages = new Set(vendored.flatMap(({ installed }) => installed.packages.map(({ name }) => name)));
  return ({ name }) =>
    packages.has(name) || tree.has(name.replaceAll('-', '_')) || facts.sdk.packages.includes(name);
}

/** Asks for some of the requirements together, in their order. */
async function unmetIssues<Listed extends CheckedRequirement>(
  open: readonly Listed[],
  some: readonly Listed[],
  requirements: readonly Listed[],
  { findIssues }: Alternatives,
): Promise<PlacedIssue<Listed>[]> {
  if (open.length === 0) return [];
  const asked = requirements.filter((requirement) => some.includes(requirement));
  const issues = await findIssues(asked.map(({ text }) => text));
  return issues.map((issue) => {
    // An issue about all of them together has no position.
    const at = 'index' in issue ? placesOf(issue).map((index) => asked[index]!) : [open[0]!];
    return { issue, at };
  });
}

export function findingsOfIssue({ issue, at }: PlacedIssue<ListedRequirement>): Finding[] {
  const told = remark('error', issue.code, issue.message, issue.fixes);
  return at.map(({ file: path, line, column }) => ({ ...told, path, line, column }));
}

/** The remarks on extras of a host, each where its requirement is written. */
export function extrasFindings(
  extras: readonly { requirement: object; remark: Diagnostic }[],
  requirements: readonly CheckedRequirement[],
): Finding[] {
  return extras.map(({ requirement, remark }) => {
    const { file: path, line, column } = requirements.find(({ parsed }) => parsed === requirement)!;
    return { ...remark, path, line, column };
  });
}

/** Hints about modules: the packages that provide them, and the sets that have these together with the requirements that are satisfied. */
export async function hintsOf(
  modules: readonly string[],
  met: readonly string[],
  { findIssues, packagesHaving }: Alternatives,
): Promise<Hints> {
  const wanted = new Set(modules.slice(0, MOST_EXPLAINED));
  if (wanted.size === 0) return new Map();
  const providing = await packagesHaving((module) => (wanted.has(module) ? module : null));
  // One package for each module is enough.
  const asked = [...providing.values()].map(([name]) => name!);
  const issues = await findIssues([...met, ...new Set(asked)]);
  const fixes = new Map(
    issues.flatMap((issue) =>
      issue.code === 'unknown_package' ? [[issue.package, issue.fixes] as const] : [],
    ),
  );
  return new Map(
    [...providing].map(([module, [first, ...others]]) => [
      module,
      { packages: [first!, ...others], fixes: fixes.get(first!) ?? [] },
    ]),
  );
}
