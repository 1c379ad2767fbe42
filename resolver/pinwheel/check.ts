/** Checks a project's files against the runtime that they run on. */
import type { RegistryStamp, Target } from '../answer.ts';
import { ANSWER_VERSION } from '../answer-version.ts';
import { MOST_EXPLAINED } from '../closure/most-explained.ts';
import { parseRequirements, type ResolveQuestion, resolve } from '../closure/resolve.ts';
import { selectTarget } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue, Outcome } from '../issue.ts';
import { noStandardLibrary } from '../issues/documents.ts';
import { checkImports, type Report } from '../python/check.ts';
import type { Hints } from '../python/failures.ts';
import { countFindings, type Finding, sortFindings } from '../python/finding.ts';
import { createHost } from '../python/host.ts';
import type { Host, Project, ScannedFile } from '../python/project.ts';
import { scanPython } from '../python/scan.ts';
import { sdkIsExternalIn } from '../python/sdk.ts';
import { decodeSource } from '../python/source.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { type Installed, isInstallRecord, readInstalled } from '../vendored/installed.ts';
import { type VendoredContext, vendoredContext, vendoredFindings } from '../vendored/judge.ts';
import { MARKER_FILE, readMarker } from '../vendored/marker.ts';
import { packagesProviding } from './modules.ts';
import type { PinwheelSource } from './source.ts';

/**
 * The files and requirements of a Worker.
 *
 * @example
 * ```ts
 * import type { Asked, CheckQuestion } from 'pinwheel-py';
 *
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
 *
 * @example
 * ```ts
 * import { createResolver } from 'pinwheel-py/bundled';
 *
 * const { findings, totals } = await createResolver().check({
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   main: 'src/entry.py',
 *   files: { 'src/entry.py': 'import yaml' },
 * });
 * totals.errors; // → 1
 * findings[0]?.path; // → 'src/entry.py'
 * findings[0]?.message; // → 'yaml comes with pyyaml 6.0.2, which nothing requires.'
 * ```
 */
export interface CheckAnswer extends Report {
  registry: RegistryStamp;
  answer_version: number;
  target: Target;
}

/** The path of findings about requirements, which are not in a file. */
const REQUIREMENTS = 'requirements';
const VENDORED = 'python_modules/';

/**
 * Answers `check` of a client, which by itself has no code for it.
 *
 * @example
 * ```ts
 * import { createClient } from 'pinwheel-py/client';
 * import { check } from 'pinwheel-py/python';
 *
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
  const { flag, members } = await source.openSet(target.package_set);
  const packages = members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { host, unmet } = createHost({
    target,
    set: { flag, packages },
    requirements: parsed.value,
    ...documents,
  });
  const { prefix, project, places } = projectOf(question, parsed.value, view, host);
  const vendored = new Set(places.flatMap(({ installed }) => installed.packages.map(({ name }) => name)));
  const open = unmet.filter(({ name }) => !vendored.has(name));
  const context = vendoredContext(host, parsed.value, {
    isWhole: unmet.length === 0 && texts.length > 0,
    fetchesLater: project.sdk === 'vendored_later',
  });
  const explain: Explain = async (requirements) => {
    const outcome = await resolve(view, { ...question, requirements }, source);
    return outcome.ok ? [] : outcome.issues;
  };
  const met = parsed.value.flatMap((one) => (unmet.includes(one) ? [] : one.text));
  const checked = checkImports(project, host);
  const report = checked.report(await hintsOf(checked.unknown, met, view, source, explain));
  const own = new Set(project.paths);
  const findings = sortFindings([
    ...report.findings.map((one) => (own.has(one.path) ? { ...one, path: prefix + one.path } : one)),
    ...(open.length > 0 ? unmetFindings(await explain(texts)) : []).filter(({ line }) => {
      return !vendored.has(parsed.value[line - 1]!.name);
    }),
    ...places.flatMap(({ installed, ...place }) => vendoredFindings(installed, { ...context, ...place })),
  ]);
  const { snapshot, totals } = report;
  const entry = snapshot.entry === null ? null : prefix + snapshot.entry;
  return {
    ok: true,
    value: {
      registry: view.stamp,
      answer_version: ANSWER_VERSION,
      target,
      ...report,
      findings,
      snapshot: { ...snapshot, entry },
      totals: { ...totals, ...countFindings(findings) },
    },
  };
}

/** The issues of the requirements together. */
type Explain = (requirements: readonly string[]) => Promise<Issue[]>;

/** The project, with paths relative to the folder that modules are imported from; and that folder. */
function projectOf(
  { files, main }: CheckQuestion,
  requirements: readonly Requirement[],
  view: CatalogView,
  host: Host,
): { prefix: string; project: Project; places: VendoredPlace[] } {
  const all = Object.entries(files).map(([path, content]) => ({
    path: path.replace(/^(?:\.?\/)+/, ''),
    content,
  }));
  const mainPath = main?.replace(/^(?:\.?\/)+/, '');
  const isKnown = mainPath !== undefined && all.some(({ path }) => path === mainPath);
  const prefix = isKnown ? mainPath.slice(0, mainPath.lastIndexOf('/') + 1) : '';
  const isVendored = (path: string) => path.startsWith(VENDORED) || path.startsWith(prefix + VENDORED);
  const own = all
    .filter(({ path }) => path.startsWith(prefix) && !isVendored(path) && /\.(?:py|so)$/.test(path))
    .map(({ path, content }) => ({ path: path.slice(prefix.length), content }));
  const sorted = own.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const { sdk } = host.facts;
  const isExternal = sdkIsExternalIn(view, host);
  const vendorsSdk = requirements.some(({ name }) => sdk.packages.includes(name));
  return {
    prefix,
    places: [...new Set([VENDORED, prefix + VENDORED])].flatMap((folder) => vendoredPlace(folder, all) ?? []),
    project: {
      files: sorted.flatMap(({ path, content }) =>
        path.endsWith('.py') ? [scanned(path, content, host.watched)] : [],
      ),
      paths: sorted.map(({ path }) => path),
      main: isKnown ? mainPath.slice(prefix.length) : null,
      root: isKnown ? (prefix.split('/').at(-2) ?? null) : null,
      vendored: all.flatMap(({ path }) =>
        isVendored(path) ? [path.slice(path.indexOf(VENDORED) + VENDORED.length)] : [],
      ),
      requirements: requirements.map(({ name }, at) => ({
        name,
        file: REQUIREMENTS,
        line: at + 1,
        column: 1,
      })),
      requirementsFile: REQUIREMENTS,
      sdk: isExternal ? (vendorsSdk ? 'vendored_later' : 'missing') : 'runtime',
    },
  };
}

interface VendoredPlace extends Pick<VendoredContext, 'folder' | 'marker'> {
  installed: Installed;
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
    const source = typeof content === 'string' ? { ok: true as const, text: content } : decodeSource(content);
    const text = source.ok ? source.text : '';
    if (below === MARKER_FILE) marker = readMarker(text);
    else texts.set(below, text);
  }
  const paths = inside.map(({ path }) => path.slice(folder.length));
  return { folder: folder.slice(0, -1), marker, installed: readInstalled({ paths, texts }) };
}

function scanned(path: string, content: string | Uint8Array, watched: ReadonlySet<string>): ScannedFile {
  const source = typeof content === 'string' ? ({ ok: true, text: content } as const) : decodeSource(content);
  if (!source.ok) return { path, imports: [], references: [], broken: null, problem: source.problem };
  return { path, ...scanPython(source.text, watched), problem: null };
}

/** Which packages provide modules, and which sets have them together with the requirements that are satisfied. */
async function hintsOf(
  modules: readonly string[],
  met: readonly string[],
  view: CatalogView,
  source: PinwheelSource,
  explain: Explain,
): Promise<Hints> {
  const wanted = new Set(modules.slice(0, MOST_EXPLAINED));
  if (wanted.size === 0) return new Map();
  const providing = await packagesProviding(view, source, (module) => (wanted.has(module) ? module : null));
  // One package for each module is enough.
  const asked = [...providing.values()].map(([name]) => name!);
  const issues = await explain([...met, ...new Set(asked)]);
  const fixes = new Map(
    issues.flatMap((one) => (one.code === 'unknown_package' ? [[one.package, one.fix] as const] : [])),
  );
  return new Map(
    [...providing].map(([module, [first, ...others]]) => [
      module,
      { packages: [first!, ...others], fix: fixes.get(first!) ?? null },
    ]),
  );
}

/** The issues at the lines of their requirements, one line for each requirement. */
function unmetFindings(issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const { code, message, fix } = issue;
    const lines = 'index' in issue ? [issue.index, ...issue.repeats] : [];
    const place = { path: REQUIREMENTS, column: 1 };
    return lines.map((at) => ({ severity: 'error', code, message, fix, ...place, line: at + 1 }));
  });
}
