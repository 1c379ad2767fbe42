/** Builds the Worker of a project, or checks that it is up to date. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { noEnvironment } from '../../resolver/issues/build.ts';
import { callsFunctions } from '../../resolver/python/handlers.ts';
import { flagsOn } from '../../resolver/python/host.ts';
import { PROJECT } from '../../runtime/site.ts';
import { openBackend } from '../ask/backend.ts';
import { type Closure, packagesOfClosure } from '../ask/closure.ts';
import { packageSet } from '../ask/package-set.ts';
import { answered } from '../common/failure.ts';
import { defaultCacheFolder, writeFile } from '../common/folders.ts';
import { claimFolder } from '../common/staged-folder.ts';
import { supplyFrom } from '../packages/layer.ts';
import {
  BUILD_MAKER,
  type BuildReport,
  type BuildRequest,
  buildWorker,
  checkBuild,
} from '../worker/build.ts';
import type { BuildClosure } from '../worker/inputs.ts';
import { treeBelow } from '../worker/leading-imports.ts';
import { type Place, readPlace, withPlace } from '../worker/modules.ts';
import { environmentsOf, redirection, servedDate, wranglerJson } from '../worker/wrangler.ts';
import { findConfig, projectFiles, readBuildProject, watchedFolders } from './build-project.ts';
import { askWhole, type ClosureOptions } from './closure.ts';
import { askTarget, readQuestion } from './question.ts';
import { readToolTable } from './settings.ts';
import { socketRemarks, vendoredSocketRemarks } from './socket-clients.ts';
import { readSetFile } from './sources/lock-files.ts';
import { requirementFiles } from './sources/sources.ts';
import { environmentName, ownFiles } from './wrangler-file.ts';

export const DEFAULT_OUT = 'dist/worker';

export async function buildProject(folder: string, options: BuildOptions): Promise<Built> {
  const { to, request } = await requestOf(folder, options);
  const report = await buildWorker(request);
  if (!options.dev) {
    const { path, content } = redirection(request.project.home, request.out);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  }
  const { project, place, wrangler } = request;
  const bucket = place.kind === 'r2' ? place.bucket : null;
  const paths = project.files.map(({ path }) => path);
  const own = treeBelow(PROJECT, paths);
  const isOwn = (module: string) => own.has(module);
  const date = wrangler.compatibility_date as string;
  return { folder: to, home: project.home, date, bucket, isOwn, ...report };
}

export interface Built extends BuildReport {
  folder: string;
  home: string;
  /** The Worker's compatibility date. */
  date: string;
  bucket: string | null;
  /** Whether a module is the project's own, not that of a package. */
  isOwn: (module: string) => boolean;
}

/** Throws if the Worker is not up to date with its project. Returns its folder. */
export async function checkProjectBuild(folder: string, options: BuildOptions): Promise<string> {
  const { to, request } = await requestOf(folder, options);
  await checkBuild(request);
  return to;
}

export async function requestOf(
  folder: string,
  options: BuildOptions,
): Promise<{ to: string; request: BuildRequest }> {
  const path = await findConfig(folder, options.config);
  const to = options.to ?? join(dirname(path), DEFAULT_OUT);
  const out = await claimFolder(to, options.force === true, await ownFiles(path, options.env), BUILD_MAKER);
  const environment = environmentName(options.env);
  const reading = await readBuildProject(path, environment, out);
  const { home, tables, config } = reading;
  const environments = environmentsOf(tables);
  if (environments.length > 0 && environment === '' && options.env === undefined && !options.dev) {
    options.listener.remarks([{ ...noEnvironment({ file: config, environments }), severity: 'warning' }]);
  }
  const closure = await resolveProject(home, { ...options, config });
  const project = { ...reading, files: await projectFiles(reading, closure) };
  options.listener.remarks(vendoredSocketRemarks(project.files.map(({ path }) => path)));
  const tool = await readToolTable({ ...options, config });
  // A Worker that is served locally has no bucket to read from.
  const place: Place = options.dev ? { kind: 'bundle' } : readPlace(options, tool);
  const settings = wranglerJson(tables, environment, home, out, options.date);
  if (options.servedBy !== undefined) {
    const served = servedDate(home, options.servedBy, settings.compatibility_date as string);
    settings.compatibility_date = served.date;
    options.listener.remarks(served.remarks);
  }
  options.dev?.watch(await watchedFolders(project, closure.folders.values(), out));
  const wrangler = withPlace(settings, place, config);
  const { snapshot, dev, explainSize: explains = false, cache = defaultCacheFolder(), listener } = options;
  const { warm = null } = tool;
  const supply = supplyFrom(cache, listener);
  return {
    to,
    request: {
      ...{ project, closure, supply, out, cache, snapshot, place, warm, wrangler, explains },
      ...{ dev: dev !== undefined, signal: listener.signal, say: listener.step },
    },
  };
}

export interface BuildOptions extends ClosureOptions {
  to?: string;
  force?: true;
  /** False for `--no-snapshot`. */
  snapshot: boolean;
  /**
   * For `pinwheel dev`: the Worker is only served here. `watch` is called with the folders of which every change may
   * change it. Null if it cannot be built again.
   */
  dev?: { watch(folders: readonly string[]): void } | null;
  /** For what is only served here: the version of workerd that serves it, if known. */
  servedBy?: string | undefined;
  /** The place of large files; and the bucket, for R2. */
  place?: string;
  bucket?: string;
  /** Names the largest parts, and what brought them. */
  explainSize?: true;
  /** Builds nothing, and fails if the folder is not what a build would make. */
  check?: true;
}

/** The remarks on a project's requirements that matter to who builds it. */
const SAID = new Set(['undeclared_dependency', 'cannot_run', 'not_needed', 'provided']);

/** @param home with the project's own requirements, if no file is named */
export async function resolveProject(
  home: string,
  asked: ClosureOptions,
): Promise<BuildClosure & Pick<Closure, 'folders'>> {
  const requirements = asked.requirements.length > 0 ? asked.requirements : await requirementFiles(home);
  const options = { ...asked, requirements };
  const backend = await openBackend(options);
  const question = await readQuestion(options);
  const target = await askTarget(backend.pinwheel, question, options);
  const set = await packageSet(backend.pinwheel, target, target.registry);
  const view = answered(await backend.pinwheel.source.view(target.registry.revision));
  const functions = callsFunctions(flagsOn(view, target));
  const runtime = { pyodide: set.runtime, python: set.python, abi: set.abi, platform: set.platform };
  // A set of one's own takes the place of the target's.
  const members = asked.set === undefined ? set.packages : [];
  const closure = requirements.length === 0 ? null : await askWhole([], options, backend);
  // The Worker includes what it needs.
  const needed = ['packages_not_in_runtime', 'runtime_not_in_workerd'];
  options.listener.remarks(
    closure
      ? closure.answer.diagnostics.filter(({ code }) => SAID.has(code))
      : target.diagnostics.filter(({ code }) => !needed.includes(code)),
  );
  if (closure) options.listener.remarks(await socketRemarks(closure));
  // Without requirements the given set is not used, but it still has to be valid.
  if (closure === null && asked.set !== undefined) await readSetFile(asked.set);
  const packages = closure ? await packagesOfClosure(closure, options) : [];
  const { flag, digest } = (closure?.answer.target ?? target).package_set;
  return {
    ...{ runtime, packageSet: { name: flag, digest }, callsFunctions: functions, packages },
    ...(closure && { credentials: closure.credentials }),
    folders: closure?.folders ?? new Map(),
    others: members.filter(({ name }) => packages.every((needed) => needed.name !== name)),
  };
}
