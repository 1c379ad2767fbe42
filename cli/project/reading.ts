/** The one reading of a project, which all commands share: its requirements and their sources, and whom to ask for them. */
import { basename, join, resolve } from 'node:path';
import { isTable, type Table } from '../../resolver/formats/table.ts';
import type { Pinwheel } from '../../resolver/index.ts';
import { unaskedIndex } from '../../resolver/issues/files.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import { type MarkerEnvironment, markerEnvironment } from '../../resolver/requirements/marker.ts';
import { parseDirectRequirement } from '../../resolver/requirements/requirement.ts';
import type { Closure } from '../ask/closure.ts';
import { locateIssues, withoutPlace } from '../ask/requirement.ts';
import { credentialsIn, PYPI, secretOrigins } from '../common/credentials.ts';
import { answered, type CommandError, type LocatedIssue, refused, unanswered } from '../common/failure.ts';
import { defaultCacheFolder } from '../common/folders.ts';
import { inputError, readPyproject } from '../common/read-text.ts';
import { type Beyond, openBeyond, type Place } from './beyond.ts';
import { locatedRequirements, type ProjectRequirement } from './check/requirements.ts';
import { checkConstraints } from './demands.ts';
import type { QuestionOptions } from './question.ts';
import { Lowering } from './sources/lower.ts';
import { checkNames, PROJECT_FILE, readSources, type SourcePaths, type Sources } from './sources/sources.ts';
import { type DeclaredIndex, UvSources } from './sources/uv-sources.ts';
import { projectHome } from './wrangler-file.ts';

export interface ReadingOptions extends QuestionOptions, SourcePaths {
  cache?: string;
}

export interface Reading extends Beyond, Pick<Sources, 'constraints' | 'pythons'> {
  /** Who answers, and proposes no other index than those of the project. */
  pinwheel: Pinwheel;
  /** The same for what others say. */
  proposed: Proposed;
  /** Requirements that were named first. */
  requirements: ProjectRequirement[];
  /** The requirements whose sources cannot be used. */
  refused: ProjectRequirement[];
  folders: Closure['folders'];
  /** Where the project gets packages from. */
  uv: UvSources;
  /** Whether `pinwheel build` makes the Worker. */
  isBuilt: boolean;
}

interface Asked extends ReadingOptions {
  /** The environments of other Pythons than those of Workers. */
  hosts?: readonly MarkerEnvironment[];
  /** Whether requirements with a source that cannot be used are no error, nor those that cannot be read. */
  keepsRefused?: boolean;
}

export async function readRequirements(
  pinwheel: Pinwheel,
  place: Place,
  named: readonly string[],
  { hosts = [], keepsRefused = false, ...options }: Asked,
): Promise<Reading> {
  const { requirements: files, cache = defaultCacheFolder(), listener } = options;
  checkNames(named);
  const sources = await readSources(options);
  const { unread } = sources;
  // A requirements file may have what the backend reads.
  const isAlone = files.every((file) => basename(file) === PROJECT_FILE);
  if (unread.length > 0 && isAlone && !keepsRefused) throw inputError(unread);
  listener.remarks(unread.map(({ message, fix }) => ({ severity: 'warning', message, fix })));
  listener.remarks(sources.remarks);
  checkConstraints(sources.constraints);

  const home = projectHome(options.config);
  const file = join(home, PROJECT_FILE);
  const uv = new UvSources(file, resolve(home), await readPyproject(file));
  const environments = [...(await workerEnvironments(pinwheel)), ...hosts];
  const lowering = new Lowering({ environments, cache, uv, settings: place.settings });
  const all = [...named.map(withoutPlace), ...sources.requirements];
  const located = await locatedRequirements(await lowering.lower(all));
  const refused = located.filter(({ refusal }) => refusal);
  if (refused.length > 0 && !keepsRefused) throw refusalOf(located);
  const requirements = located.filter(({ refusal }) => !refusal);
  const declared = declaredIndexes([...sources.indexes, ...(await uv.indexes())]);
  checkIndexes(place, declared);
  const urls = declared.map(({ url }) => url);
  const proposed: Proposed = (said) => inWords(said, urls, [...lowering.folders.keys()]) as typeof said;
  const secrets = secretOrigins(all.map(({ text }) => text));
  const beyond = await openBeyond(place, listener, requirements, sources.constraints, lowering, secrets);
  return {
    ...beyond,
    pinwheel: proposing(pinwheel, proposed),
    proposed,
    requirements,
    refused,
    constraints: sources.constraints,
    pythons: sources.pythons,
    folders: lowering.folders,
    uv,
    isBuilt: place.settings.isBuilt,
  };
}

/** One error, with the requirements that cannot be read, too. */
function refusalOf(requirements: readonly ProjectRequirement[]): CommandError {
  const issues = requirements.flatMap(({ text, refusal }, index): LocatedIssue[] => {
    if (refusal) return [refusal];
    const outcome = parseDirectRequirement(text);
    return outcome.ok ? [] : outcome.issues.map((issue) => ({ ...issue, index }));
  });
  return refused(locateIssues(issues, requirements));
}

async function workerEnvironments({ source }: Pinwheel): Promise<MarkerEnvironment[]> {
  const { sets } = answered(await source.view());
  const runtimes = new Map([...sets.values()].map(({ python, platform }) => [python, { python, platform }]));
  return [...runtimes.values()].map(markerEnvironment);
}

/** Without users and passwords, each once; everybody has PyPI. */
function declaredIndexes(indexes: readonly DeclaredIndex[]): DeclaredIndex[] {
  const all = indexes.map(({ url, where }) => [plain(url), where] as const);
  return [...new Map(all)].flatMap(([url, where]) => (url === PYPI ? [] : { url, where }));
}

function plain(url: string): string {
  const [without] = credentialsIn([url]).urls as [string];
  return `${without.replace(/\/+$/, '')}/`;
}

/** Rejects an index that is asked before one of the project's. The project's own setting is its own business. */
function checkIndexes({ settings: { indexUrls, isAsked } }: Place, declared: readonly DeclaredIndex[]): void {
  if (!isAsked || indexUrls.length === 0) return;
  const first = indexUrls.slice(0, declared.length).map(plain);
  const late = declared.filter(({ url }) => !first.includes(url));
  if (late.length > 0)
    throw unanswered(late.map(({ url, where }) => unaskedIndex({ url, declared_in: where })));
}

/** Proposes the indexes that the project names, if any index would do, and names packages of folders as it does. */
type Proposed = <Said>(said: Said) => Said;

/** A part of an answer, in which each fix that asks an index asks these, and no text has the URL of such a wheel. */
function inWords(part: unknown, urls: string[], wheels: string[]): unknown {
  if (typeof part === 'string') return wheels.reduce((text, url) => text.replaceAll(` @ ${url}`, ''), part);
  if (Array.isArray(part)) return part.map((item) => inWords(item, urls, wheels));
  if (!isTable(part) || urls.length + wheels.length === 0) return part;
  const { kind, requirement, packages } = part;
  if (kind === 'use_index' && urls.length > 0) return { kind, requirement, packages, urls };
  const parts = Object.entries(part).map(([name, inner]) => [name, inWords(inner, urls, wheels)] as const);
  const same: Table & { fixes?: Fix[] } = Object.fromEntries(parts);
  return same.fixes ? { ...same, ...fixed(same.fixes) } : same;
}

function proposing(
  { safeResolve, safeCompare, safeAudit, ...others }: Pinwheel,
  proposed: Proposed,
): Pinwheel {
  return {
    ...others,
    safeResolve: async (question) => proposed(await safeResolve(question)),
    safeCompare: async (question) => proposed(await safeCompare(question)),
    safeAudit: async (question) => proposed(await safeAudit(question)),
  };
}
