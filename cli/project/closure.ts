/** Asks for a target, and for the closure of a command line's requirements, requirements files and constraints. */
import { resolveMost } from '../../resolver/closure/resolve-most.ts';
import type { Pinwheel, ResolveAnswer } from '../../resolver/index.ts';
import { fixed, requirementFixes } from '../../resolver/issues/fixes.ts';
import { type Alternatives, hintsOf } from '../../resolver/pinwheel/check.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { listed } from '../../resolver/text/printable.ts';
import { alternativesOf, type Backend, openBackend } from '../ask/backend.ts';
import type { Closure } from '../ask/closure.ts';
import { type FileRequirement, locateIssues } from '../ask/requirement.ts';
import { CommandError, type LocatedIssue, misused, refused, unanswered } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { readPlace } from './beyond.ts';
import { brokenConstraints, checkHashes, pythonRemarks } from './demands.ts';
import { grouped, placed } from './grouped.ts';
import { withHints } from './question.ts';
import { type Reading, type ReadingOptions, readRequirements } from './reading.ts';
import { lockRemarks, type ProjectLock, readProjectLock, unlocked } from './sources/project-lock.ts';
import { projectFiles } from './sources/sources.ts';
import { projectHome } from './wrangler-file.ts';

export type ClosureOptions = ReadingOptions;

type Asked = Pick<Reading, 'question' | 'requirements' | 'constraints'>;

/** The question of what was read, with all requirements and constraints. */
export function questionOf({ question, requirements, constraints }: Asked) {
  const textsOf = (some: readonly FileRequirement[]) => some.map(({ text }) => text);
  const more = constraints.length > 0 && { constraints: textsOf(constraints) };
  return { ...question, ...more, requirements: textsOf(requirements) };
}

/** The closure, with the index and the set that were asked. */
export async function askWhole(
  named: readonly string[],
  options: ClosureOptions,
  given?: Backend,
): Promise<Closure> {
  const backend = given ?? (await openBackend(options));
  const place = await readPlace(backend.pinwheel, options);
  const files = await filesOf(named, options);
  const reading = await readRequirements(backend.pinwheel, place, named, { ...options, requirements: files });
  const { pinwheel, requirements, constraints, pythons, question } = reading;
  const whole = questionOf(reading);
  const from = { ...backend, pinwheel, registry: place.set ? null : backend.registry };
  const opened = { ...reading, backend: from, question: whole, findLinks: place.settings.findLinks };

  const { date, flag, pyodide, format } = options;
  const isOwn = named.length + options.requirements.length + flag.length === 0 && !date && !pyodide;
  const lock = isOwn ? await readProjectLock(projectHome(options.config), reading.uv) : null;
  const ask = async (more: readonly FileRequirement[]): Promise<ResolveAnswer> => {
    const all = [...requirements, ...more];
    const texts = all.map(({ text }) => text);
    const outcome = await pinwheel.safeResolve({ ...question, requirements: texts });
    if (outcome.ok) return outcome.value;
    const issues = withHints(locateIssues<LocatedIssue>(outcome.issues, all), options);
    // With JSON output, the issues are unchanged.
    if (format === 'json') throw refused(issues);
    const hinted = await withModuleHints(issues, texts, alternativesOf(pinwheel, question));
    const error = refused(grouped(placed(hinted, all)).map(({ issue }) => issue));
    throw more.length > 0 ? error : await withRest(error, reading, { ...question, requirements: texts });
  };
  const first = await ask([]);
  const answer = lock ? await withLock(pinwheel, whole, first, lock) : first;
  // Added to the question, a constraint that cannot be satisfied is explained as a requirement is.
  const { packages, target } = answer;
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const broken = brokenConstraints(constraints, target.runtime, (name) => versions.get(name));
  if (broken.length > 0) return { answer: await ask(broken), ...opened };
  const pinned = packages.map(({ name, wheel }) => ({ name, sha256: wheel.sha256 }));
  const hashes = checkHashes(requirements, pinned, target.runtime);
  if (hashes.issues.length > 0) throw unanswered(hashes.issues);
  options.listener.remarks(hashes.remarks);
  if (lock) options.listener.remarks(lockRemarks(lock, packages, target.runtime, options));
  options.listener.remarks(pythonRemarks(pythons, target, options.listener));
  return { answer, ...opened };
}

/** The answer with the locked versions of what comes from an index, if all of them can be had together. */
async function withLock(
  pinwheel: Pinwheel,
  question: Closure['question'],
  answer: ResolveAnswer,
  lock: ProjectLock,
): Promise<ResolveAnswer> {
  const other = unlocked(lock, answer.packages, answer.target.runtime);
  if (!other.some(({ origin }) => origin === 'index')) return answer;
  const pinned = new Set(answer.packages.flatMap(({ name, origin }) => (origin === 'index' ? [] : name)));
  const held = lock.requirements.filter(({ name }) => !pinned.has(name)).map(({ text }) => text);
  const constraints = [...(question.constraints ?? []), ...held];
  const outcome = await pinwheel.safeResolve({ ...question, constraints });
  return outcome.ok ? outcome.value : answer;
}

/** The files of requirements: those that were named, or those of the project. */
export async function filesOf(
  named: readonly string[],
  { requirements, config, group, listener }: ClosureOptions,
): Promise<string[]> {
  if (named.length > 0 || requirements.length > 0) return requirements;
  const files = await projectFiles(config, group, listener);
  if (files.length > 0) return files;
  throw misused({ problem: 'nothing_to_resolve' });
}

const SHOWN = 24;

/** Adds to an error a remark about what resolves without the requirements that fail. */
async function withRest(
  error: CommandError,
  { pinwheel: { safeResolve }, proposed }: Reading,
  { requirements, ...question }: Closure['question'],
): Promise<CommandError> {
  const { outcome, without } = await resolveMost(requirements, (some) =>
    safeResolve({ ...question, requirements: some }),
  );
  if (!outcome.ok || without.length === 0) return error;
  const { packages } = outcome.value;
  const names = packages.map(({ name, version }) => `${name} ${version}`);
  const many = `${count(packages.length, 'package')} ${packages.length === 1 ? 'resolves' : 'resolve'}`;
  const message = proposed(`Without ${listed(without, SHOWN)}, ${many}: ${listed(names, SHOWN)}.`);
  const remarks = [{ severity: 'info', message, fix: null } as const];
  return new CommandError(error.exitCode, error.issues, { cause: error, remarks });
}

/** Adds to each issue about an import name the package that is meant, and the sets that have it. */
async function withModuleHints(
  issues: readonly LocatedIssue[],
  requirements: readonly string[],
  { findIssues, packagesHaving }: Alternatives,
): Promise<LocatedIssue[]> {
  // Names that neither a set nor the index has, and that are not similar to any other of the set.
  const unknown = issues
    .filter((issue) => issue.code === 'unknown_package')
    .filter(({ fixes }) => fixes.every(({ kind }) => kind === 'use_index' || kind === 'advice'));
  const names = unknown.map((issue) => issue.package);
  const others = requirements.filter((_, at) => !unknown.some(({ index }) => index === at));
  const hints = await hintsOf(names, others, {
    findIssues,
    packagesHaving: (keyOf) => packagesHaving((module) => keyOf(canonicalName(module))),
  });
  return issues.map((issue) => {
    const name = unknown.find((other) => other === issue)?.package;
    const { packages: [provider] = [], fixes = [] } = hints.get(name ?? '') ?? {};
    // The package of that name has no version that the requirement allows.
    if (name === undefined || provider === undefined || provider === name) return issue;
    return { ...issue, ...fixed([...requirementFixes(name, [provider], 'module'), ...fixes]) };
  });
}
