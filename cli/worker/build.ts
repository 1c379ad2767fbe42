/** From a project to a folder that wrangler deploys. Each step runs once, and reuses what an earlier build made. */
import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import type { Table } from '../../resolver/formats/table.ts';
import { projectClasses } from '../../resolver/formats/wrangler.ts';
import { largeWorker, noClass, noHandler, staleBuild } from '../../resolver/issues/build.ts';
import { entriesOf, handlerLines } from '../../resolver/python/handlers.ts';
import { ModuleTree } from '../../resolver/python/modules.ts';
import { NOTHING } from '../../resolver/python/project.ts';
import { scanPython } from '../../resolver/python/scan.ts';
import { decodeSource } from '../../resolver/python/source.ts';
import type { StandardLibraryFacts } from '../../resolver/python/standard-library-document.ts';
import type { RuntimeInfo, SnapshotState } from '../../runtime/create.ts';
import { type FileIndex, PROJECT } from '../../runtime/site.ts';
import { type CommandError, unanswered } from '../common/failure.ts';
import { isPlaced, pathFrom, placed, withScratch, writeFile } from '../common/folders.ts';
import { packageFile, readPackageJson } from '../common/package-root.ts';
import { type Maker, stageFolder } from '../common/staged-folder.ts';
import { distinct } from '../common/text.ts';
import { compressedPages, findBase } from './base.ts';
import { checkNode, runProject } from './child.ts';
import { noticeOf, sbomOf, type WorkerDocument } from './documents.ts';
import { environmentOf } from './environment.ts';
import {
  compress,
  digestOfFiles,
  digestsBelow,
  type FileDigests,
  type LargePart,
  LEVELS,
  largestParts,
  type ModuleSize,
  moduleSizes,
  sha256Of,
  totalOf,
  writeBlob,
} from './files.ts';
import type { BuildClosure, BuildProject, PackagesLayer, Supply } from './inputs.ts';
import { leadingImports } from './leading-imports.ts';
import { type Place, programDigest, runtimeDigest, type SnapshotPages, writeModules } from './modules.ts';
import { RELEASES } from './releases.ts';
import type { ProjectClasses, ProjectJob, SnapshotRemark } from './snapshot/job.ts';

export interface BuildRequest {
  project: BuildProject;
  closure: BuildClosure;
  supply: Supply;
  out: string;
  cache: string;
  snapshot: boolean;
  /** Whether the Worker is rebuilt on each edit, and not deployed. */
  dev: boolean;
  place: Place;
  wrangler: Table;
  /** The requests that are answered at build time; null for the one of the project's framework. */
  warm: readonly string[] | null;
  /** How many seconds the project's imports may take; without a limit if it is undefined. */
  limit?: number | undefined;
  /** Whether the report names the largest parts. */
  explains?: boolean;
  signal?: AbortSignal | undefined;
  say(line: string): void;
}

export interface BuildReport {
  document: WorkerDocument;
  sizes: ModuleSize[];
  /** The largest parts, if they were asked for. */
  largest?: LargePart[];
  remarks: SnapshotRemark[];
}

export const BUILD_MAKER: Maker = {
  marker: 'pinwheel.json',
  madeBy: 'pinwheel build',
  // A wrangler that serves the Worker has its files there.
  keeps: ['.wrangler'],
};

export async function buildWorker(request: BuildRequest): Promise<BuildReport> {
  const { out } = request;
  return withInputs(request, async ({ job, imports, inputs }) => {
    const { pyodide, layer, project, main } = job;
    const made = await importedOnce(request, job, imports);
    checkClasses(request, made.classes);
    if (!made.isHandled) throw await withoutHandler(request);
    const { runtime } = made;
    const manifest = {
      runtime,
      main,
      stdlib: (await stat(join(pyodide, 'python_stdlib.zip'))).size,
      packages: layer.index,
      project: project.index,
      snapshot: made.snapshot,
    };
    const document = documentOf(request, layer, made, inputs);
    const { remarks } = made;
    // A Worker that is served is not rebuilt for nothing.
    if ((await staleness(out, inputs, document.snapshot)) === null) {
      return { document, ...(await sizesOf(request, layer, out, await digestsBelow(out))), remarks };
    }
    const staged = await stageFolder(out);
    try {
      const parts = {
        pyodide,
        layer,
        project: project.file,
        manifest,
        compiled: made.compiled,
        pages: made.pages,
        classes: made.classes,
        place: request.place,
      };
      await writeModules(staged.path, parts);
      await writeFile(join(staged.path, 'wrangler.json'), json(request.wrangler));
      await writeFile(
        join(staged.path, 'NOTICE'),
        noticeOf(runtime, layer, await readFile(packageFile('LICENSE'), 'utf8')),
      );
      await writeFile(join(staged.path, 'sbom.cdx.json'), json(sbomOf(document, layer)));
      const files = await digestsBelow(staged.path);
      const sizes = await sizesOf(request, layer, staged.path, files);
      await checkSize(request, sizes.sizes);
      request.signal?.throwIfAborted();
      await staged.commit({ ...document, files }, BUILD_MAKER);
      return { document, ...sizes, remarks };
    } finally {
      staged.discard();
    }
  });
}

async function sizesOf(
  { closure, cache, explains }: BuildRequest,
  layer: PackagesLayer,
  folder: string,
  files: FileDigests,
): Promise<Pick<BuildReport, 'sizes' | 'largest'>> {
  const sizes = await moduleSizes(folder, files, cache);
  if (!explains) return { sizes };
  return { sizes, largest: await largestParts(folder, files, cache, layer, closure.packages) };
}

const NAMED = 3;

/** Rejects what the platform does not accept. A Worker that is only served locally may be larger. */
async function checkSize(
  { project, closure, dev }: BuildRequest,
  sizes: readonly ModuleSize[],
): Promise<void> {
  const { size } = totalOf(sizes);
  if (dev || size <= LARGEST_WORKER) return;
  const sized = await Promise.all([
    ...project.files.map(async ({ path, file }) => {
      return { name: path.slice(PROJECT.length + 1), size: (await stat(file)).size };
    }),
    ...closure.packages.map(async ({ name, size, url }) => {
      return { name, size: url.startsWith('file:') ? (await stat(new URL(url))).size : (size ?? 0) };
    }),
  ]);
  const largest = sized.sort((a, b) => b.size - a.size).slice(0, NAMED);
  throw unanswered([largeWorker({ size, limit: LARGEST_WORKER, largest })]);
}

/** Throws if the folder is not what a build of these inputs makes. Writes nothing. */
export async function checkBuild(request: BuildRequest): Promise<void> {
  const { out: folder } = request;
  const problem = await withInputs(request, ({ inputs }) => staleness(folder, inputs));
  if (problem !== null) throw unanswered([staleBuild({ folder, problem })]);
}

/** Why a folder is not what a build of these inputs makes, as the end of a sentence; null if it is that. */
async function staleness(
  folder: string,
  inputs: string,
  snapshot?: WorkerDocument['snapshot'],
): Promise<string | null> {
  const text = await readFile(join(folder, BUILD_MAKER.marker), 'utf8').catch(() => null);
  if (text === null) return 'has no build';
  const { files = {}, ...before } = JSON.parse(text) as WorkerDocument & { files?: FileDigests };
  if (inputs !== before.inputs) return 'was built from other files or settings';
  if (snapshot !== undefined && snapshot?.sha256 !== before.snapshot?.sha256) return 'has another snapshot';
  for (const [path, digest] of Object.entries(files)) {
    const bytes = await readFile(join(folder, path)).catch(() => null);
    if (bytes === null || sha256Of(bytes) !== digest) return `has a ${path} that was changed after the build`;
  }
  return null;
}

interface Inputs {
  job: Job;
  /** The digests of everything that importing the project depends on, and of everything that the Worker depends on. */
  imports: string;
  inputs: string;
}

async function withInputs<Result>(
  { project, closure, supply, cache, snapshot, dev, warm, wrangler }: BuildRequest,
  use: (inputs: Inputs) => Promise<Result>,
): Promise<Result> {
  checkNode();
  return withScratch(cache, '.build-', async (scratch) => {
    const pyodide = await supply.pyodide(closure.runtime.pyodide);
    const layer = await supply.packages(closure, project.files);
    const file = join(scratch, 'project.bin');
    const index = await writeBlob(file, project.files);
    const files = await digestOfFiles(project.files);
    const digests = [await runtimeDigest(), basename(pyodide), layer.digest, files];
    const level = dev ? LEVELS.served : LEVELS.once;
    const hasSnapshot = snapshot && RELEASES[closure.runtime.pyodide]!.no_snapshot === null;
    const modules = hasSnapshot ? await leadingImports(project.main, project.files, layer) : [];
    const imports = sha256Of(
      JSON.stringify([...digests, closure.runtime, project.main, hasSnapshot && level, modules, warm]),
    );
    const inputs = sha256Of(JSON.stringify([await programDigest(), imports, wrangler]));
    const job = {
      pyodide,
      layer,
      project: { file, index },
      main: project.main,
      modules,
      snapshot: hasSnapshot,
      level,
    };
    return use({ job, imports, inputs });
  });
}

function checkClasses({ project, wrangler }: BuildRequest, classes: ProjectClasses): void {
  const missing = projectClasses(wrangler).filter(
    ({ kind, name }) => !Object.hasOwn(classes, name) || classes[name]!.kind !== kind,
  );
  if (missing.length === 0) return;
  const { config: file, main } = project;
  throw unanswered(missing.map(({ kind, name }) => noClass({ file, kind, name, main })));
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

interface Job {
  pyodide: string;
  layer: PackagesLayer;
  project: { file: string; index: FileIndex };
  main: string;
  /** The modules of packages that it imports before code of its own. */
  modules: readonly string[];
  snapshot: boolean;
  level: number;
}

interface Imported {
  runtime: RuntimeInfo;
  compiled: string[];
  remarks: SnapshotRemark[];
  classes: ProjectClasses;
  isHandled: boolean;
  snapshot: SnapshotState | null;
  pages: SnapshotPages | null;
}

/** Runs the project's imports, unless an earlier build with the same inputs has. */
async function importedOnce(request: BuildRequest, job: Job, inputs: string): Promise<Imported> {
  const folder = join(request.cache, 'snapshots', inputs);
  const outcome = 'outcome.json';
  if (await isPlaced(folder, outcome)) {
    const known = JSON.parse(await readFile(join(folder, outcome), 'utf8')) as Imported;
    if (Object.values(known.pages ?? {}).every((file) => existsSync(file))) return known;
    await rm(folder, { recursive: true, force: true });
  }
  let imported!: Imported;
  await placed(folder, async (made) => {
    imported = await importProject(request, job, made);
    if (imported.pages !== null) imported.pages.changes = join(folder, CHANGES);
    await writeFile(join(made, outcome), JSON.stringify(imported));
  });
  return imported;
}

const CHANGES = 'changes.zst';

async function importProject(request: BuildRequest, job: Job, folder: string): Promise<Imported> {
  const { closure, supply, cache, signal, say, project } = request;
  const { pyodide, layer, main, modules, level } = job;
  const base = job.snapshot
    ? await findBase({ closure, pyodide, layer, modules, files: project.files, supply, cache, signal, say })
    : null;
  const env = base?.env ?? environmentOf(closure.runtime.python, null);
  const runtime = { ...closure.runtime, env };
  signal?.throwIfAborted();
  say(base === null ? 'Importing the project' : 'Importing the project, and saving its memory');
  // On two cores, at the same time.
  const compressed = base === null ? null : compressedPages(base, level);
  const changes = join(folder, 'changes.bin');
  const projectJob: ProjectJob = {
    kind: 'project',
    runtime,
    pyodide,
    files: [{ file: layer.blob, index: layer.index }, job.project],
    libraries: layer.libraries.map(([path, file]) => [path, join(layer.folder, file)]),
    imports: layer.imports,
    main,
    warm: request.warm,
    cache: join(cache, 'starts'),
    packagesDigest: layer.digest,
    base: base && { snapshot: base.outcome.snapshot, pages: base.pages, changes },
    outcome: join(folder, '.outcome.json'),
  };
  const running = runProject(projectJob, request);
  const [ran, shared] = await Promise.all([running, compressed]);
  const { classes, isHandled, snapshot } = ran;
  const compiled = [...new Set([...(base?.outcome.compiled ?? []), ...ran.compiled])].sort();
  const remarks = distinct([...(base?.outcome.remarks ?? []), ...ran.remarks]);
  const common = { runtime, compiled, remarks, classes, isHandled };
  if (base === null || snapshot === null) return { ...common, snapshot: null, pages: null };
  const bytes = await compress(await readFile(changes), level);
  await writeFile(join(folder, CHANGES), Buffer.concat([bytes, Buffer.from(snapshot.sha256)]));
  await rm(changes);
  const { first, runs, sha256 } = base.outcome.snapshot;
  return {
    ...common,
    snapshot: { ...snapshot, base: { first, runs, sha256 } },
    pages: { base: shared!, changes: join(folder, CHANGES) },
  };
}

/** The main module has been imported: nothing in it is called. Its source says what may be. */
async function withoutHandler({
  project: { mainFile, config },
  closure,
}: BuildRequest): Promise<CommandError> {
  const source = decodeSource(await readFile(mainFile));
  const main = basename(mainFile);
  const file = { path: main, ...(source.ok ? scanPython(source.text) : NOTHING), problem: null };
  const { applications } = readPackageJson('data/standard-library/facts.json') as StandardLibraryFacts;
  const modules = { main, files: [file], own: new ModuleTree([main]) };
  const application = entriesOf(modules, applications)?.application ?? null;
  const lines = handlerLines(application, closure.callsFunctions);
  const path = pathFrom(dirname(config), mainFile);
  return unanswered([noHandler({ file: path, application: application?.variable ?? null, lines })]);
}

function documentOf(
  { closure, project }: BuildRequest,
  { leftOut }: PackagesLayer,
  { runtime, snapshot }: Imported,
  inputs: string,
): WorkerDocument {
  const packages = closure.packages.filter(({ name }) => !leftOut.includes(name));
  return {
    runtime,
    package_set: closure.packageSet,
    packages: packages.map(({ name, version, filename, sha256, patched }) => {
      return { name, version, filename, sha256, patched_by: patched?.by ?? null };
    }),
    main: project.main,
    snapshot: snapshot === null ? null : { sha256: snapshot.sha256, size: snapshot.size },
    inputs,
  };
}
