/** Compares what a project gets on two targets: with its wrangler file, its requirements and its sources. */
import { dirname } from 'node:path';
import { today } from '../../../resolver/compatibility/date.ts';
import type { CompareAnswer, Diagnostic, Pinwheel, Target } from '../../../resolver/index.ts';
import { remark } from '../../../resolver/issues/fixes.ts';
import { type Alternatives, hintsOf, includedTest } from '../../../resolver/pinwheel/check.ts';
import { compareImports, type ImportPosition, type Stage } from '../../../resolver/python/compare-imports.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { series } from '../../../resolver/text/printable.ts';
import type { FailingRequirement, NamedVersion, VersionChange } from '../../../resolver/time/answers.ts';
import { changesOf, type Known, memberChanges } from '../../../resolver/time/changes.ts';
import { unknownFlags } from '../../../resolver/time/compare.ts';
import { isPure } from '../../../resolver/wheels/wheel-name.ts';
import { alternativesOf } from '../../ask/backend.ts';
import { type FileRequirement, locateIssues } from '../../ask/requirement.ts';
import { misused, refused } from '../../common/failure.ts';
import type { Remark } from '../../common/listener.ts';
import { distinct } from '../../common/text.ts';
import { readPlace } from '../beyond.ts';
import type { ClosureOptions } from '../closure.ts';
import { isLost, otherPythons, type PythonDemand, pythonDemands } from '../demands.ts';
import { type Layout, readLayout, unrunnableVendored } from '../layout.ts';
import { commandWith } from '../options.ts';
import { wranglerFileOf } from '../question.ts';
import { type Reading, readRequirements } from '../reading.ts';
import { projectFiles } from '../sources/sources.ts';
import { movedText } from '../vulnerabilities.ts';
import { type CheckDocument, shownPath, shownPaths } from './check.ts';
import { type HostStage, hostStage, projectOf, scanFiles, type WorkerProject } from './project.ts';
import { NOT_VERIFIED, type ProjectRequirement, unkeptConstraints, withoutFetched } from './requirements.ts';

export interface DiffOptions extends ClosureOptions {
  /** By default the date of the wrangler file. */
  from?: string;
  /** By default the day on which the question is asked. */
  to?: string;
}

export interface WorkerDiff {
  answer: CompareAnswer;
  asked: readonly ProjectRequirement[];
  project: ProjectChanges | null;
  /** The Python versions that the project, or the files of its requirements, ask for. */
  demands: readonly PythonDemand[];
  config: string | null;
  /** The command line that asks the same again. */
  command: string;
  isAffected: boolean;
  /** The known vulnerabilities that the move clears and introduces, in words. */
  vulnerabilities: string | null;
}

/** Requirements that are named replace the project's. */
export async function diffWorker(
  backend: Pinwheel,
  named: readonly string[],
  options: DiffOptions,
): Promise<WorkerDiff> {
  const { from, to, ...rest } = options;
  const before = from === undefined ? rest : { ...rest, date: from };
  const place = await readPlace(backend, before);
  const { compatibility_date, as_of } = place.question;
  if (compatibility_date === null) throw misused({ problem: 'nothing_to_compare' });
  const sides = { from: compatibility_date, to: to ?? as_of ?? today() };
  // With requirements given, the project is not compared.
  const wrangler = named.length > 0 ? null : wranglerFileOf(before);
  const isOwn = wrangler !== null && options.requirements.length === 0;
  const files = isOwn ? await projectFiles(wrangler, options.group, options.listener) : options.requirements;
  const reading = await readRequirements(backend, place, named, { ...options, requirements: files });
  const { pinwheel, question, constraints, pythons, requirements } = reading;
  const goesBeyond = reading.index !== null || reading.set !== null;
  const ask = async (asked: readonly FileRequirement[]): Promise<CompareAnswer> => {
    const texts = asked.map(({ text }) => text);
    const outcome = await pinwheel.safeCompare({ ...question, ...sides, requirements: texts });
    if (outcome.ok) return outcome.value;
    throw refused(locateIssues(outcome.issues, asked));
  };

  // Packages of an index are resolved separately.
  const first = await ask(goesBeyond ? [] : requirements);
  const isPlain = wrangler === null && constraints.length === 0 && !goesBeyond;
  const stages = isPlain ? null : await hostStages(pinwheel, first, reading);
  const project =
    stages && wrangler !== null ? await projectStages(wrangler, options.env, stages, requirements) : null;
  const included = project ? includedRequirements(project, reading.index !== null) : new Map();
  options.listener.remarks(remarksOnFetched(included));
  // Added to the question, a constraint that cannot be satisfied is explained as a requirement is.
  const broken = stages ? await unkeptConstraints(constraints, stages.to.host) : [];
  const asked = [...requirements.filter((requirement) => !included.has(requirement)), ...broken];
  const document =
    stages && goesBeyond && asked.length > 0
      ? reading.proposed(await withIndex(first, pinwheel, stages, asked))
      : included.size + broken.length > 0
        ? await ask(asked)
        : first;

  const { closure } = document;
  const demands = pythonDemands(pythons, document, options.listener);
  if (!project) options.listener.remarks(otherPythons(demands, document.to));
  const met = requirements.flatMap((requirement) =>
    stages?.to.unmet.includes(requirement) ? [] : requirement.text,
  );
  const isOpen = project?.to.project.fetchesLater === true && included.size > 0;
  const isAffected =
    closure?.affected === true ||
    demands.some(isLost) ||
    ((project ?? closure) !== null && unknownFlags(document.flags).length > 0);
  const read = options.requirements.flatMap((file) => ['-r', file]);
  const words = [...named, ...read, '--from', sides.from, '--to', sides.to];
  const facts = { isAffected, requirements: files, requires_python: demands, met, isOpen };
  const changes =
    project && (await projectChanges(project, facts, alternativesOf(pinwheel, project.to.question)));
  return {
    answer: document,
    asked,
    project: changes,
    demands,
    config: wrangler,
    command: commandWith({ ...options, config: wrangler ?? options.config }, 'diff', ...words),
    isAffected: changes?.affected ?? isAffected,
    // The vulnerabilities of whole sets are not the project's.
    vulnerabilities: project && !closure ? null : await movedText(pinwheel, document, options),
  };
}

/** Names the requirements that pywrangler fetches, which are not compared. */
function remarksOnFetched(included: ReturnType<typeof includedRequirements>): Remark[] {
  const names = distinct([...included].flatMap(([{ name }, how]) => (how === 'fetched' ? name : [])));
  if (names.length === 0) return [];
  const message = `Not compared: pywrangler vendors ${series(names)} from indexes.`;
  const fix = 'Compare what an index has, too: --index for PyPI, or --index-url URL.';
  return [{ severity: 'info', message, fix }];
}

interface Sides<Side> {
  from: Side;
  to: Side;
}

interface ProjectStage extends HostStage, Stage {
  project: WorkerProject;
}

interface ProjectStages extends Sides<ProjectStage> {
  layout: Layout;
}

async function hostStages(
  pinwheel: Pinwheel,
  { from, to, registry }: Sides<Target> & Pick<CompareAnswer, 'registry'>,
  reading: Reading,
): Promise<Sides<HostStage>> {
  const stageOf = (target: Target): Promise<HostStage> => {
    const { compatibility_date, compatibility_flags } = target;
    const same = { compatibility_date, compatibility_flags, revision: registry.revision };
    const own = { ...reading, question: { ...reading.question, ...same } };
    return hostStage(pinwheel, { ...target, registry }, own, reading.requirements);
  };
  return { from: await stageOf(from), to: await stageOf(to) };
}

/** The project of a wrangler file, which is scanned once. */
async function projectStages(
  wrangler: string,
  environment: string | undefined,
  { from, to }: Sides<HostStage>,
  requirements: readonly ProjectRequirement[],
): Promise<ProjectStages> {
  const layout = await readLayout(dirname(wrangler), wrangler, environment);
  const files = await scanFiles(layout.root, layout.paths, to.host.watched);
  const stageOf = async (stage: HostStage): Promise<ProjectStage> => ({
    ...stage,
    project: await projectOf(layout, files, requirements, stage),
  });
  return { layout, from: await stageOf(from), to: await stageOf(to) };
}

/**
 * The requirements that the package set need not satisfy: the Worker includes their packages, or pywrangler fetches
 * them at deployment, unless an index was asked for them. Pure packages are the same for every Python, so nothing
 * changes for them.
 */
function includedRequirements(
  { layout, from, to }: ProjectStages,
  isAsked: boolean,
): Map<ProjectRequirement, 'vendored' | 'fetched'> {
  const isVendored = includedTest(layout.vendored, to.host);
  const isCompiled = ({ name }: ProjectRequirement) =>
    [from, to].some(({ set }) => set.packages.some((member) => member.name === name && !isPure(member)));
  const isLater = to.project.fetchesLater && !isAsked;
  const included = new Map<ProjectRequirement, 'vendored' | 'fetched'>();
  for (const requirement of [...from.unmet, ...to.unmet]) {
    if (requirement.parsed === null) continue;
    if (isVendored(requirement)) included.set(requirement, 'vendored');
    else if (isLater && !isCompiled(requirement)) included.set(requirement, 'fetched');
  }
  return included;
}

/** The answer with how a closure with packages of an index changes, each side as of its own day. */
async function withIndex(
  answer: CompareAnswer,
  { safeResolve }: Pinwheel,
  { from, to }: Sides<HostStage>,
  asked: readonly FileRequirement[],
): Promise<CompareAnswer> {
  const requirements = asked.map(({ text }) => text);
  const resolve = ({ question }: HostStage) => safeResolve({ ...question, requirements });
  const [before, after] = await Promise.all([resolve(from), resolve(to)]);
  const issues = before.ok ? [] : before.issues;
  const failedBefore = new Set(issues.map((issue) => requirementOf(issue) ?? issue.message));
  const failing = (after.ok ? [] : after.issues).map((issue): FailingRequirement => {
    if (issue.kind === 'malformed') throw refused([issue]);
    const { kind: _, ...rest } = issue;
    const requirement = requirementOf(issue);
    const held = !failedBefore.has(requirement ?? issue.message);
    // A conflict is about all of them.
    const whole = {
      requirement: requirements.join(', '),
      index: 0,
      repeats: requirements.map((_, at) => at).slice(1),
    };
    return { ...whole, ...rest, ...(requirement !== undefined && { requirement }), held };
  });
  const answers = [before, after].map((outcome) => (outcome.ok ? outcome.value : null));
  const said = answers.flatMap((answer) => answer?.diagnostics ?? []);
  const days = answers.map((answer) => answer?.index?.exclude_newer ?? null);
  const [index] = answers.flatMap((answer) => answer?.index?.url ?? []);
  const diagnostics = distinct([...(index ? [asOf(index, days)] : []), ...said]);
  const versionIn = (name: string) => to.host.packages.named(name)?.version;
  const closure = changesOf(from.members, to.members, failing, versionIn, knownOf(from, to));
  return { ...answer, diagnostics: [...answer.diagnostics, ...diagnostics], closure };
}

function requirementOf(issue: object): string | undefined {
  return (issue as { requirement?: string }).requirement;
}

function knownOf(from: HostStage, to: HostStage): Known {
  const membersOf = ({ pinned: { flag, packages } }: HostStage) => ({ flag, members: packages });
  return { view: to.view, from: membersOf(from), to: membersOf(to) };
}

function asOf(index: string, days: readonly (string | null)[]): Diagnostic {
  const [before, after] = days.map((day) =>
    day === null ? 'all uploads' : `uploads up to ${day.slice(0, 10)}`,
  );
  const message = before === after ? `${before} count` : `${before} count before, and ${after} after`;
  return remark('info', 'index_asked', `Of the index ${index}, ${message}.`);
}

type Imported<Change> = Change & { places: ImportPosition[] };

/** The part of the JSON of `pinwheel diff` about a project, next to the changes of its closure. */
export interface ProjectChanges extends Pick<CheckDocument['project'], 'root' | 'main' | 'requirements'> {
  /** Whether its closure, an import or what flags end is affected, or may be; or it does not support the new Python. */
  affected: boolean;
  requires_python: PythonDemand[];
  imports: {
    /** Vendored packages that cannot be loaded any more, imports, uses of modules, and what flags end. */
    broken: Finding[];
    /** Imports that work from now on. */
    mended: Finding[];
    /** The packages that are imported, each with its first position in each file. */
    removed: Imported<NamedVersion>[];
    changed: Imported<VersionChange>[];
    added: Imported<NamedVersion>[];
  };
  totals: { files: number; imports: number };
}

interface ProjectFacts extends Pick<ProjectChanges, 'requirements' | 'requires_python'> {
  /** Whether the Worker is affected whatever its files have. */
  isAffected: boolean;
  /** The requirements that are satisfied after the change, too. */
  met: readonly string[];
  /** Whether some requirements are unknown until pywrangler fetches their packages. */
  isOpen: boolean;
}

async function projectChanges(
  { layout, from, to }: ProjectStages,
  { isAffected, requirements, requires_python, met, isOpen }: ProjectFacts,
  alternatives: Alternatives,
): Promise<ProjectChanges> {
  const comparison = compareImports(from, to);
  const compared = comparison.report(await hintsOf(comparison.unknown, met, alternatives));
  const gone = unrunnableVendored(layout.vendored, to.host);
  const before = new Set(unrunnableVendored(layout.vendored, from.host).map(({ path }) => path));
  // An import that packages of pywrangler may provide is not known to be broken.
  const imports = withoutFetched(compared.broken, isOpen).map((finding) =>
    finding.code === NOT_VERIFIED ? { ...finding, severity: 'info' as const } : finding,
  );
  const broken = [...gone.filter(({ path }) => !before.has(path)), ...imports];
  const shown = shownPaths(layout);
  const show = <Placed extends { path: string }>(placed: Placed) => ({ ...placed, path: shown(placed.path) });
  const changes = memberChanges(
    importedMembers(from, compared.packages.from),
    importedMembers(to, compared.packages.to),
    knownOf(from, to),
  );
  const isFetched = ({ name }: NamedVersion) =>
    isOpen &&
    from.host.closure.has(name) &&
    from.set.packages.some((member) => member.name === name && isPure(member));
  const packages = { ...changes, removed: changes.removed.filter((change) => !isFetched(change)) };
  const placed = <Change extends { name: string }>(change: Change): Imported<Change> => {
    const places = compared.packages.to.get(change.name) ?? compared.packages.from.get(change.name)!;
    return { ...change, places: places.map(show) };
  };
  const { main } = layout;
  const root = shownPath(layout.root);
  const { files } = to.project;
  return {
    affected:
      isAffected ||
      broken.some(({ severity }) => severity !== 'info') ||
      packages.removed.length > 0 ||
      packages.changed.some(({ direction }) => direction !== 'rebuilt'),
    root,
    main: main === null ? null : shown(main),
    requirements,
    requires_python,
    imports: {
      broken: broken.map(show),
      mended: compared.mended.map(show),
      removed: packages.removed.map(placed),
      changed: packages.changed.map(placed),
      added: packages.added.map(placed),
    },
    totals: { files: files.length, imports: files.reduce((sum, { imports }) => sum + imports.length, 0) },
  };
}

function importedMembers({ set }: ProjectStage, imported: ReadonlyMap<string, unknown>) {
  return set.packages.filter(({ name, kind }) => kind === 'package' && imported.has(name));
}
