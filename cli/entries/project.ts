/** The entry for tools that build projects: what a folder says, and what the commands do with it, whose code is imported when it is called. */
import { dirname, join, resolve } from 'node:path';
import { isTable } from '../../resolver/formats/table.ts';
import type { AuditAnswer, TargetAnswer } from '../../resolver/index.ts';
import type { Report } from '../../resolver/python/index.ts';
import type { Field } from '../../resolver/question/fields.ts';
import { type Reading, readObject } from '../../resolver/question/read.ts';
import { openBackend } from '../ask/backend.ts';
import { answered, CommandError, commandErrorOf, wholeNumber } from '../common/failure.ts';
import type { Listener, Remark } from '../common/listener.ts';
import { readPlace } from '../project/beyond.ts';
import { findConfig } from '../project/build-project.ts';
import { readLayout } from '../project/layout.ts';
import { type ReadingOptions, readRequirements } from '../project/reading.ts';
import { requirementFiles } from '../project/sources/sources.ts';
import type { TriedProject } from '../project/try/report.ts';
import type { VendoredProject } from '../project/vendor-report.ts';
import { environmentName } from '../project/wrangler-file.ts';
import { environmentsOf } from '../worker/wrangler.ts';

export type { DownloadedFile, Listener, Progress, Remark } from '../common/listener.ts';
export type { TriedProject } from '../project/try/report.ts';
export type { VendoredProject } from '../project/vendor-report.ts';

/** How a project is read. Paths are relative to its folder; what is left out is as on the command line. */
export interface ProjectOptions {
  /** The wrangler file; by default the one that wrangler finds from the folder upwards. */
  config?: string | undefined;
  /** The environment of the wrangler file; by default that of `CLOUDFLARE_ENV`. */
  env?: string | undefined;
  /** In place of the compatibility date of the wrangler file. */
  date?: string | undefined;
  /** In place of its flags; a package flag alone replaces only that of the project. */
  flags?: readonly string[] | undefined;
  /** Requirements files in place of those of the project. */
  requirements?: readonly string[] | undefined;
  constraints?: readonly string[] | undefined;
  /** Extras of a `pyproject.toml` among the requirements. */
  extras?: readonly string[] | undefined;
  groups?: readonly string[] | undefined;
  /** Simple indexes for what the package set lacks; an empty list for none, whatever is configured. */
  indexUrls?: readonly string[] | undefined;
  /** Folders of wheels, which are searched before them. */
  findLinks?: readonly string[] | undefined;
  /** A `pyodide-lock.json` in place of the package set. */
  set?: string | undefined;
  /** The day on which the question is asked; by default today, in UTC. */
  asOf?: string | undefined;
  /** A registry in place of the data in the package. */
  registry?: string | undefined;
  /** The folder for downloads and parts of builds. */
  cache?: string | undefined;
}

/** Who hears of the progress of a task, and what stops it. */
export interface TaskOptions {
  listener?: Partial<Listener> | undefined;
  /** Stops the task, which then throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A requirement or a constraint as it is written, and where: a file and a line. */
export interface WrittenRequirement {
  text: string;
  where: string;
}

/** The facts in the files of a project. Paths are absolute. */
export interface WorkerProject {
  /** The wrangler file, and its folder. */
  config: string;
  home: string;
  /** The environment that was read, or null; and all that the wrangler file has. */
  environment: string | null;
  environments: readonly string[];
  /** With the project's own package flag among the flags. */
  compatibility_date: string | null;
  compatibility_flags: readonly string[];
  /** The folder that modules are imported from. */
  root: string;
  /** The main module; null if the file does not exist. */
  main: string | null;
  /** The Python files below the root. */
  sources: readonly string[];
  /** The files that requirements were read from, without those that they name with `-r`. */
  requirementFiles: readonly string[];
  requirements: readonly WrittenRequirement[];
  constraints: readonly WrittenRequirement[];
  /** The folders whose packages wrangler uploads with the Worker. */
  vendored: readonly string[];
  options: ProjectOptions;
}

/**
 * Why a project has no answer, with the same issues as on the command line.
 * @example
 * ```ts
 * import { ProjectError, readProject } from 'pinwheel-py/project';
 * const error = await readProject('/no/such/folder').catch((error: unknown) => error);
 * error instanceof ProjectError && error.exitCode; // → 3
 * ```
 */
export class ProjectError extends CommandError {
  override readonly name = 'ProjectError';
}

/**
 * Reads a project: its wrangler file and environment, its requirements and the files that they name, and its sources.
 * The other functions read the files again, so that a project may be kept while they change.
 * @param folder the one of the wrangler file, or one below it
 * @throws {ProjectError}
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readProject } from 'pinwheel-py/project';
 * const folder = await mkdtemp(join(tmpdir(), 'worker-'));
 * const wrangler = { main: 'entry.py', compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * await writeFile(join(folder, 'wrangler.json'), JSON.stringify(wrangler));
 * await writeFile(join(folder, 'entry.py'), 'import fastapi');
 * await writeFile(join(folder, 'requirements.txt'), 'fastapi');
 * const project = await readProject(folder);
 * project.requirements.map(({ text }) => text); // → ['fastapi']
 * ```
 */
export async function readProject(
  folder: string,
  options: ProjectOptions = {},
  task: TaskOptions = {},
): Promise<WorkerProject> {
  return asTask(task, async (listener) => {
    const { config: given } = readOptions(options);
    const named = given === undefined ? undefined : resolve(folder, given);
    const config = resolve(await findConfig(resolve(folder), named));
    const home = dirname(config);
    const asked = commandOptions({ config, home, options }, listener);
    const { pinwheel } = await openBackend(asked);
    const environment = environmentName(options.env);
    const layout = await readLayout(home, config, options.env);
    const files =
      asked.requirements.length > 0 ? asked.requirements : await requirementFiles(home, asked.group);
    const place = await readPlace(pinwheel, asked);
    const read = { ...asked, requirements: files, keepsRefused: true };
    const reading = await readRequirements(pinwheel, place, [], read);
    const { root, main, paths, vendored, wrangler } = layout;
    const { compatibility_date, compatibility_flags } = place.question;
    return {
      ...{ config, home, environment: environment || null, environments: environmentsOf(wrangler!.tables) },
      ...{ compatibility_date, compatibility_flags, root },
      main: main === null ? null : join(root, main),
      sources: paths.filter((path) => path.endsWith('.py')).map((path) => join(root, path)),
      requirementFiles: files,
      requirements: [...reading.requirements, ...reading.refused].map(written),
      constraints: reading.constraints.map(written),
      vendored: vendored.map((place) => place.folder),
      options,
    };
  });
}

const written = ({ text, where }: WrittenRequirement): WrittenRequirement => ({ text, where });

/** Where packages go. */
export interface VendorOptions extends TaskOptions {
  /** By default `python_modules`, in the folder of the project. */
  to?: string | undefined;
  /** How many downloads run at once, from 1 to 32: 4 by default. */
  jobs?: number | undefined;
  /** Only says what would be there. */
  dryRun?: boolean | undefined;
  /** Replaces the folder also if Pinwheel has not made it. */
  force?: boolean | undefined;
}

/**
 * Downloads the packages that a project needs, verifies them, and unpacks them for wrangler. A folder that is replaced
 * stays as it is until everything is there.
 * @throws {ProjectError}
 * @example
 * ```ts
 * import { type DownloadedFile, vendor, type WorkerProject } from 'pinwheel-py/project';
 * const packagesOf = async (project: WorkerProject, signal: AbortSignal) => {
 *   const fetched = ({ filename }: DownloadedFile) => console.log(filename);
 *   const { packages } = await vendor(project, { listener: { downloads: () => ({ fetched }) }, signal });
 *   return packages.map(({ name, version }) => `${name}==${version}`);
 * };
 * packagesOf.length; // → 2
 * ```
 */
export async function vendor(
  project: WorkerProject,
  { to, jobs = 4, dryRun, force, ...task }: VendorOptions = {},
): Promise<VendoredProject> {
  return asTask(task, async (listener) => {
    const { MOST_JOBS, vendor } = await import('../project/vendor.ts');
    return vendor([], {
      ...commandOptions(project, listener),
      to: resolve(project.home, to ?? 'python_modules'),
      jobs: String(wholeNumber('jobs', String(jobs), MOST_JOBS)),
      ...(dryRun && { dryRun }),
      ...(force && { force }),
    });
  });
}

/** How a Worker that includes its own Python is made. */
export interface BuildOptions extends TaskOptions {
  /** By default `dist/worker`, in the folder of the project. */
  to?: string | undefined;
  force?: boolean | undefined;
  /** False to start Python from scratch in each instance. */
  snapshot?: boolean | undefined;
  /** Where the large files go; by default into the Worker. */
  place?: 'bundle' | 'assets' | 'r2' | undefined;
  /** For `r2`. */
  bucket?: string | undefined;
}

/** A Worker that includes its own Python. */
export interface BuiltWorker {
  /** With a `wrangler.json`, which wrangler deploys. */
  folder: string;
  python: string;
  pyodide: string;
  package_set: { name: string; digest: string };
  packages: { name: string; version: string; filename: string; sha256: string; patched_by: string | null }[];
  /** The parts of the Worker, in bytes, as they are and gzipped. */
  sizes: { part: string; size: number; gzipped: number }[];
  /**
   * A part that the snapshot leaves out: its module, if known, and the first line that does it, if that is the
   * project's; and requests that were to be answered at build time, with why that failed.
   */
  remarks: {
    code: 'entropy' | 'clock' | 'network' | 'files' | 'callbacks' | 'unanswered';
    module: string | null;
    line: number | null;
    request?: string;
    problem?: string;
  }[];
}

/**
 * Builds a Worker that includes its own Python, on Node 24 or newer. The same project gives the same bytes, and is not
 * built again.
 * @throws {ProjectError}
 * @example
 * ```ts
 * import { buildWorker, readProject } from 'pinwheel-py/project';
 * const build = async (folder: string) => (await buildWorker(await readProject(folder))).folder;
 * build.length; // → 1
 * ```
 */
export async function buildWorker(
  project: WorkerProject,
  { to, force, snapshot = true, place, bucket, ...task }: BuildOptions = {},
): Promise<BuiltWorker> {
  return asTask(task, async (listener) => {
    const { buildProject } = await import('../project/build.ts');
    const { folder, document, sizes, remarks } = await buildProject(project.home, {
      ...commandOptions(project, listener),
      to: resolve(project.home, to ?? 'dist/worker'),
      snapshot,
      ...(force && { force }),
      ...(place && { place }),
      ...(bucket !== undefined && { bucket }),
    });
    const { runtime, package_set, packages } = document;
    const { python, pyodide } = runtime;
    return { folder, python, pyodide, package_set, packages, sizes, remarks };
  });
}

/** The findings of a check. Paths below the current folder are relative to it. */
export interface CheckedProject extends Report {
  target: TargetAnswer;
}

/**
 * Checks what a project imports against its runtime, its package set, its requirements and its vendored packages.
 * @throws {ProjectError}
 * @example
 * ```ts
 * import { checkProject, type WorkerProject } from 'pinwheel-py/project';
 * const errorsIn = async (project: WorkerProject) => {
 *   const { findings } = await checkProject(project);
 *   return findings.filter(({ severity }) => severity === 'error');
 * };
 * errorsIn.length; // → 1
 * ```
 */
export async function checkProject(project: WorkerProject, task: TaskOptions = {}): Promise<CheckedProject> {
  return asTask(task, async (listener) => {
    const { checkWorker } = await import('../project/check/check.ts');
    const options = commandOptions(project, listener);
    const { pinwheel } = await openBackend(options);
    const { home: folder, config } = project;
    const { target, report } = await checkWorker(pinwheel, { folder, config }, options);
    return { target, ...report };
  });
}

/** The known vulnerabilities of what a project has. */
export interface AuditedProject extends AuditAnswer {
  /** The findings that `audit.ignore` of `[tool.pinwheel]` leaves out, up to a day. */
  ignored: { id: string; reason: string; until: string }[];
}

/**
 * Audits the packages that are vendored with a project, or else those that it requires.
 * @throws {ProjectError}
 * @example
 * ```ts
 * import { auditProject, type WorkerProject } from 'pinwheel-py/project';
 * const worst = async (project: WorkerProject) => (await auditProject(project)).findings.at(0)?.id;
 * worst.length; // → 1
 * ```
 */
export async function auditProject(project: WorkerProject, task: TaskOptions = {}): Promise<AuditedProject> {
  return asTask(task, async (listener) => {
    const { auditProject: audit } = await import('../project/audit.ts');
    const { answer, ignored, remarks } = await audit([], commandOptions(project, listener));
    listener.remarks(remarks);
    return { ...answer, ignored };
  });
}

/** The options of a try. */
export interface TryOptions extends TaskOptions {
  /** A compatibility date or a package flag to compare with. */
  to?: string | undefined;
  /** A HAR file of requests. */
  har?: string | undefined;
  /** How many seconds an answer may take: 60 by default. */
  timeout?: number | undefined;
}

/**
 * Builds a project, imports its modules on workerd and sends it requests; with `to`, on two runtimes, whose answers it
 * compares. On Node 24 or newer.
 * @throws {ProjectError}
 * @example
 * ```ts
 * import { tryProject, type WorkerProject } from 'pinwheel-py/project';
 * const runsOn = async (project: WorkerProject, to: string) => (await tryProject(project, { to })).ok;
 * runsOn.length; // → 2
 * ```
 */
export async function tryProject(
  project: WorkerProject,
  { to, har, timeout = 60, ...task }: TryOptions = {},
): Promise<TriedProject> {
  return asTask(task, async (listener) => {
    const { MOST_SECONDS, tryProject: tryOn } = await import('../project/try/try.ts');
    return tryOn(project.home, {
      ...commandOptions(project, listener),
      timeout: String(wholeNumber('timeout', String(timeout), MOST_SECONDS)),
      ...(to !== undefined && { to }),
      ...(har !== undefined && { har: resolve(project.home, har) }),
    });
  });
}

const TEXT = { kind: 'text', meaning: 'a string' } as const;
const TEXTS = { kind: 'texts', meaning: 'a list of strings', example: ['…'] } as const;
const OPTIONS = {
  ...{ config: TEXT, env: TEXT, date: TEXT, set: TEXT, asOf: TEXT, registry: TEXT, cache: TEXT },
  ...{ flags: TEXTS, requirements: TEXTS, constraints: TEXTS, extras: TEXTS, groups: TEXTS },
  ...{ indexUrls: TEXTS, findLinks: TEXTS },
} satisfies { [Name in keyof ProjectOptions]-?: Field };

/** Checks what JavaScript does not: a text is no list, and a misspelt option is none. */
function readOptions(options: ProjectOptions): Reading<typeof OPTIONS> {
  if (!isTable(options)) {
    throw new TypeError('The options of a project are missing: give what readProject returned, after await.');
  }
  return answered(readObject(options, OPTIONS, { strict: true }));
}

/** The options of a command, of which those that are undefined have no meaning. */
function commandOptions(
  { config, home, options }: Pick<WorkerProject, 'config' | 'home' | 'options'>,
  listener: Listener,
) {
  const { flags, requirements, constraints, extras, groups, indexUrls, findLinks, set, cache, ...rest } =
    readOptions(options);
  const pathOf = (path: string) => resolve(home, path);
  const given = {
    ...{ ...rest, set: set && pathOf(set), cache: cache && pathOf(cache), extra: extras, group: groups },
    ...{ constraints: constraints?.map(pathOf), findLinks: findLinks?.map(pathOf) },
    ...(indexUrls?.length === 0 ? { index: false } : { indexUrl: indexUrls }),
  };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(named) as Partial<ReadingOptions>),
    ...{ config, flag: [...(flags ?? [])], format: 'json', listener },
    requirements: (requirements ?? []).map(pathOf),
  };
}

/** Runs a task whose listener hears of it, until its signal stops it. */
async function asTask<Result>(
  { listener, signal }: TaskOptions,
  run: (listener: Listener) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const silent = { requests() {}, downloads: () => ({}), step() {} };
  const remarks = (all: readonly Remark[]) => void (all.length > 0 && listener?.remarks?.(all));
  try {
    const result = await run({ ...silent, ...listener, remarks, signal });
    // A task that needs no network does not look at the signal.
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    const failure = commandErrorOf(error, ['registry']);
    if (failure === null) throw error;
    throw new ProjectError(failure.exitCode, failure.issues, { cause: error });
  }
}
