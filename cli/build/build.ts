/** From a project to a folder that wrangler deploys: each step once, and what an earlier build made is kept. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RuntimeInfo } from '../../runtime/create.ts';
import type { FileIndex } from '../../runtime/site.ts';
import { type Maker, StagedFolder } from '../vendor/folder.ts';
import { writeBlob } from './blob.ts';
import { runSnapshot } from './child.ts';
import type { BuildClosure } from './closure.ts';
import { digestOfFiles, sha256Of } from './digests.ts';
import { runtimeDigest, writeModules } from './modules.ts';
import { noticeOf } from './notice.ts';
import { BRIDGE_FOLDER, type PackagesLayer, packagesLayer } from './packages.ts';
import type { BuildProject } from './project.ts';
import { pyodideFolder } from './pyodide-files.ts';
import { RELEASES } from './releases.ts';
import { sbomOf } from './sbom.ts';
import { type ModuleSize, moduleSizes } from './sizes.ts';
import type { SnapshotOutcome } from './snapshot/job.ts';

export interface BuildRequest {
  project: BuildProject;
  closure: BuildClosure;
  /** The folder that the Worker goes into. */
  out: string;
  cache: string;
  snapshot: boolean;
  /** The wrangler file of the Worker. */
  wrangler: object;
  say(line: string): void;
}

export interface BuildReport {
  document: WorkerDocument;
  sizes: ModuleSize[];
  remarks: (SnapshotOutcome & { ok: true })['remarks'];
}

/** `pinwheel.json`: what is in a built Worker, and from where. */
export interface WorkerDocument {
  runtime: RuntimeInfo;
  package_set: BuildClosure['packageSet'];
  packages: { name: string; version: string; filename: string; sha256: string; patched_by: string | null }[];
  main: string;
  snapshot: { sha256: string; size: number } | null;
  /** Of all that the Worker was made from: the same inputs have the same Worker. */
  inputs: string;
}

export const BUILD_MAKER: Maker = { marker: 'pinwheel.json', madeBy: 'pinwheel build' };

export async function buildWorker(request: BuildRequest): Promise<BuildReport> {
  const { project, closure, out, cache, say } = request;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, '.build-'));
  try {
    const pyodide = await pyodideFolder(closure.runtime.pyodide, cache, say);
    const layer = await packagesLayer(closure, cache);
    const runtime = { ...closure.runtime, env: environmentOf(closure, layer) };
    const blob = join(scratch, 'project.bin');
    const index = await writeBlob(blob, project.files);
    const snapshot = request.snapshot && RELEASES[runtime.pyodide]!.snapshots;
    const inputs = sha256Of(
      JSON.stringify([
        await runtimeDigest(),
        layer.digest,
        runtime,
        project.main,
        snapshot,
        await digestOfFiles(project.files),
      ]),
    );
    const job = { runtime, pyodide, layer, project: { file: blob, index }, main: project.main, snapshot };
    const made = await importedOnce(inputs, cache, scratch, job, say);
    const manifest = {
      runtime,
      main: project.main,
      packages: layer.index,
      project: index,
      snapshot: made.snapshot,
    };
    const document = documentOf(request, runtime, made, inputs);
    const staged = await StagedFolder.create(out);
    try {
      const parts = {
        pyodide,
        layer,
        project: blob,
        manifest,
        compiled: made.compiled,
        snapshot: made.pages,
      };
      await writeModules(staged.path, parts);
      await writeFile(join(staged.path, 'wrangler.json'), json(request.wrangler));
      await writeFile(join(staged.path, 'NOTICE'), noticeOf(runtime, layer));
      await writeFile(join(staged.path, 'sbom.cdx.json'), json(sbomOf(document, layer)));
      const sizes = await moduleSizes(staged.path, cache);
      await staged.commit(document, BUILD_MAKER);
      return { document, sizes, remarks: made.remarks };
    } finally {
      staged.discard();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Of Python: libraries are looked for in two folders from the start, and hashes have the seed of the build. */
function environmentOf({ runtime }: BuildClosure, { digest }: PackagesLayer): Record<string, string> {
  const library = `/lib/python${runtime.python.split('.').slice(0, 2).join('.')}`;
  return {
    HOME: '/session/metadata',
    LD_LIBRARY_PATH: `/usr/lib:${library}/site-packages`,
    PYTHONPATH: BRIDGE_FOLDER,
    PYTHONHASHSEED: String(Number.parseInt(digest.slice(0, 8), 16)),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

interface Job {
  runtime: RuntimeInfo;
  pyodide: string;
  layer: PackagesLayer;
  project: { file: string; index: FileIndex };
  main: string;
  snapshot: boolean;
}

type Imported = Omit<SnapshotOutcome & { ok: true }, 'ok'> & {
  /** The file with the pages of the snapshot. */
  pages: string | null;
};

/** Runs the project's imports, unless an earlier build with the same inputs has. */
async function importedOnce(
  inputs: string,
  cache: string,
  scratch: string,
  { runtime, pyodide, layer, project, main, snapshot }: Job,
  say: (line: string) => void,
): Promise<Imported> {
  const folder = join(cache, 'snapshots', inputs);
  const outcome = join(folder, 'outcome.json');
  const pages = join(folder, 'snapshot.bin');
  if (!existsSync(outcome)) {
    say(snapshot ? 'Importing the project, and saving its memory' : 'Importing the project');
    const made = join(scratch, 'made');
    await mkdir(made);
    const found = await runSnapshot({
      runtime,
      pyodide,
      packages: { file: layer.blob, index: layer.index },
      project,
      libraries: layer.libraries.map(([path, file]) => [path, join(layer.folder, file)]),
      main,
      cache: join(cache, 'starts'),
      packagesDigest: layer.digest,
      snapshot: snapshot ? join(made, 'snapshot.bin') : null,
      outcome: join(scratch, 'outcome.json'),
    });
    await writeFile(join(made, 'outcome.json'), JSON.stringify(found));
    await mkdir(dirname(folder), { recursive: true });
    await rename(made, folder).catch((error: unknown) => {
      if (!existsSync(outcome)) throw error;
    });
  }
  const found = JSON.parse(await readFile(outcome, 'utf8')) as SnapshotOutcome & { ok: true };
  return { ...found, pages: found.snapshot === null ? null : pages };
}

function documentOf(
  { closure, project }: BuildRequest,
  runtime: RuntimeInfo,
  { snapshot }: Imported,
  inputs: string,
): WorkerDocument {
  return {
    runtime,
    package_set: closure.packageSet,
    packages: closure.packages.map(({ name, version, filename, sha256, patched }) => {
      return { name, version, filename, sha256, patched_by: patched?.by ?? null };
    }),
    main: project.main,
    snapshot: snapshot === null ? null : { sha256: snapshot.sha256, size: snapshot.size },
    inputs,
  };
}
