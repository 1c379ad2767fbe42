/** The requirements of a project, each with the line that it is written on. */
import { readFile } from 'node:fs/promises';
import { neededLibraries } from '../../../resolver/closure/needed-libraries.ts';
import type { Diagnostic, Member } from '../../../resolver/index.ts';
import { nativeLibrary } from '../../../resolver/issues/documents.ts';
import { remark, run } from '../../../resolver/issues/fixes.ts';
import { type Alternatives, findingsOfIssue, type PlacedIssue } from '../../../resolver/pinwheel/check.ts';
import { HTTPX2_USERS, httpx2Remark } from '../../../resolver/provenance.ts';
import type { Finding, Host } from '../../../resolver/python/index.ts';
import type { ListedRequirement } from '../../../resolver/python/project.ts';
import {
  type DirectRequirement,
  parseDirectRequirement,
} from '../../../resolver/requirements/requirement.ts';
import { type FileRequirement, withWheelUrl } from '../../ask/requirement.ts';
import { withoutCredentials } from '../../common/credentials.ts';
import type { LocatedIssue } from '../../common/failure.ts';
import type { Listener } from '../../common/listener.ts';
import { brokenConstraints, checkHashes, pythonRemarks } from '../demands.ts';
import { withPinHint } from '../question.ts';
import type { SourcedRequirement } from '../sources/lower.ts';
import type { Sources } from '../sources/sources.ts';

export interface ProjectRequirement extends ListedRequirement, FileRequirement {
  /** Null if the text is not a requirement. The path or URL of a wheel is one. */
  parsed: DirectRequirement | null;
  refusal?: LocatedIssue;
}

/** Requirements, each with its file and line; those of the command line have none. */
export async function locatedRequirements(
  requirements: readonly SourcedRequirement[],
): Promise<ProjectRequirement[]> {
  const texts = new Map<string, string>();
  const located: ProjectRequirement[] = [];
  for (const requirement of requirements) {
    const file = fileOf(requirement);
    if (!texts.has(file)) texts.set(file, await readFile(file, 'utf8').catch(() => ''));
    const line = lineOf(requirement, texts.get(file)!);
    const written = { ...requirement, text: withoutCredentials(requirement.text) };
    const { text, where, refusal, hashes } = withWheelUrl(written);
    const outcome = parseDirectRequirement(text);
    const parsed = outcome.ok ? outcome.value : null;
    located.push({
      ...{ name: parsed?.name ?? '', text, where, parsed, file, line, column: 1 },
      ...(hashes && { hashes }),
      ...(refusal && { refusal }),
    });
  }
  return located;
}

/** The findings about the hashes, constraints, Pythons and libraries of a project, each where it is written. */
export async function requirementFindings(
  requirements: readonly ProjectRequirement[],
  { constraints, pythons }: Pick<Sources, 'constraints' | 'pythons'>,
  { host, members, unmet }: { host: Host; members: readonly Member[]; unmet: readonly ProjectRequirement[] },
  alternatives: Alternatives,
  listener: Pick<Listener, 'remarks'>,
): Promise<Finding[]> {
  const versions = (await locatedRequirements(pythons)).flatMap((place) =>
    pythonRemarks([place], host.target, listener).map((remark) => findingAt(place, remark)),
  );
  return [
    ...httpx2Findings(requirements, unmet),
    ...libraryFindings(requirements, members, host),
    ...(await constraintFindings(constraints, host, alternatives)),
    ...hashFindings(requirements, members, host),
    ...versions,
  ];
}

/** A remark for a project that gets httpx2, at the first requirement that it is about. */
function httpx2Findings(
  requirements: readonly ProjectRequirement[],
  unmet: readonly ProjectRequirement[],
): Finding[] {
  const namesOf = (some: readonly ProjectRequirement[]) => new Set(some.map(({ name }) => name));
  const remark = httpx2Remark(namesOf(requirements), namesOf(unmet));
  const isAbout = ({ name }: ProjectRequirement) => name === 'httpx2' || HTTPX2_USERS.includes(name);
  const place = unmet.find(isAbout) ?? requirements.find(isAbout);
  return remark && place ? [findingAt(place, remark)] : [];
}

/** The native libraries that a Worker on the platform would lack, at the requirement that needs each. */
function libraryFindings(
  requirements: readonly ProjectRequirement[],
  members: readonly Member[],
  { target }: Host,
): Finding[] {
  // A Worker that includes its own Python has them.
  const needed = target.runtime.workerd_bundle === null ? [] : neededLibraries(members);
  return needed.flatMap((library) => {
    const place = requirements.find(({ name }) => library.by.includes(name)) ?? requirements[0];
    return place ? findingsOfIssue({ issue: nativeLibrary(library), at: [place] }) : [];
  });
}

/** The constraints that the versions of the set do not satisfy, explained as requirements are. */
async function constraintFindings(
  constraints: readonly FileRequirement[],
  host: Host,
  { findIssues }: Alternatives,
): Promise<Finding[]> {
  const broken = await unkeptConstraints(constraints, host);
  const issues = broken.length > 0 ? await findIssues(broken.map(({ text }) => text)) : [];
  return issues.flatMap((issue) =>
    'index' in issue ? findingsOfIssue({ issue, at: [broken[issue.index]!] }) : [],
  );
}

/** The requirements whose hashes are not those of the wheels that the package set pins. */
function hashFindings(
  requirements: readonly ProjectRequirement[],
  members: readonly Member[],
  { target: { runtime } }: Host,
): Finding[] {
  const pinned = members.filter(({ sha256 }) => sha256);
  return requirements.flatMap((requirement) => {
    const { issues, remarks } = checkHashes([requirement], pinned, runtime);
    return [
      ...issues.flatMap((issue) => findingsOfIssue({ issue, at: [requirement] })),
      ...remarks.map((remark) => findingAt(requirement, remark)),
    ];
  });
}

export function findingAt({ file: path, line, column }: ProjectRequirement, remark: Diagnostic): Finding {
  return { ...remark, path, line, column };
}

/** The constraints that the versions of the set do not satisfy. */
export function unkeptConstraints(
  constraints: readonly FileRequirement[],
  { closure, packages, target }: Host,
): Promise<ProjectRequirement[]> {
  const versionOf = (name: string) => (closure.has(name) ? packages.named(name)?.version : undefined);
  return locatedRequirements(brokenConstraints(constraints, target.runtime, versionOf));
}

/** A position begins with the name of its file, after which comes a line, an entry of a list, or a field. */
function fileOf({ where }: FileRequirement): string {
  return /^(.*), (?:line \d+|[^,]+, entry \d+|[\w.-]+)$/s.exec(where)?.[1] ?? where;
}

/** The line of a position, or the line that has the requirement as a string in the list that the position names. */
function lineOf({ where, text: now, written: text = now }: SourcedRequirement, content: string): number {
  const stated = /, line (\d+)$/.exec(where)?.[1];
  if (stated !== undefined) return Number(stated);
  const start = listStart(where, content);
  const written = (from: number) =>
    ['"', "'"].map((quote) => content.indexOf(quote + text + quote, from)).find((index) => index >= 0);
  return content.slice(0, written(start) ?? written(0) ?? start).split('\n').length;
}

/** The offset at which a list of a `pyproject.toml` begins, such as `dependency-groups.dev`. */
function listStart(where: string, content: string): number {
  const [, path] = /, ([^,]+), entry \d+$/.exec(where) ?? [];
  const [, table, key] =
    /^(project\.optional-dependencies|dependency-groups|project|tool\.uv)\.(.+)$/.exec(path ?? '') ?? [];
  if (table === undefined || key === undefined) return 0;
  const patterns = [`\\[\\s*${escaped(table)}\\s*\\]`, `["']?${escaped(key)}["']?\\s*=`];
  return patterns.reduce((from, pattern) => {
    const match = new RegExp(`^[ \\t]*${pattern}`, 'm').exec(content.slice(from));
    return from + (match?.index ?? 0);
  }, 0);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Findings at each of the requirements. Packages that pywrangler's index may provide are not verified. */
export function unmetFindings(
  unmet: readonly PlacedIssue<ProjectRequirement>[],
  fetchesLater: boolean,
): Finding[] {
  const issues = withPinHint(unmet.map(({ issue }) => issue));
  return unmet.flatMap(({ at }, index) => {
    const issue = issues[index]!;
    const findings = findingsOfIssue({ issue, at });
    return fetchesLater && issue.kind === 'unanswerable' ? findings.map(notVerified) : findings;
  });
}

/** Imports that packages of pywrangler's index may provide; this check does not ask that index. */
const PROVIDED_LATER = new Set(['missing_module', 'missing_package', 'unlisted_package']);

/** Marks what may be otherwise once pywrangler has fetched packages, as long as some requirements are unknown. */
export function withoutFetched(findings: readonly Finding[], isOpen: boolean): Finding[] {
  return findings.map((finding) =>
    isOpen && finding.severity !== 'info' && PROVIDED_LATER.has(finding.code)
      ? notVerified(finding)
      : finding,
  );
}

export const NOT_VERIFIED = 'not_verified';

function notVerified({ message, fix: _, fixes, ...rest }: Finding): Finding {
  const said = `Not verified: pywrangler vendors packages from indexes. ${message}`;
  const again = run('pywrangler sync', 'Run pywrangler sync, then check again: check reads python_modules.');
  return { ...rest, ...remark('warning', NOT_VERIFIED, said, [again, ...fixes]) };
}
