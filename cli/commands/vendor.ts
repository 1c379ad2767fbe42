/** `pinwheel vendor`: a closure's packages, downloaded, verified and unpacked into a folder for the Worker. */
import { join } from 'node:path';
import type { Diagnostic, ResolveAnswer } from '../../resolver/answer.ts';
import { refusedArchive } from '../../resolver/issues/documents.ts';
import { vendorMarker } from '../../resolver/vendored/marker.ts';
import { openBackend } from '../ask/backend.ts';
import { packagesOfClosure } from '../ask/closure.ts';
import { misused, unanswered } from '../common/failure.ts';
import { readPackageJson } from '../common/places.ts';
import { claimFolder, StagedFolder } from '../common/staged-folder.ts';
import { Cache, defaultCacheFolder } from '../packages/cache.ts';
import type { Fetched } from '../packages/download.ts';
import { ArchiveError } from '../packages/entry.ts';
import { fetchAll } from '../packages/fetch-all.ts';
import { type PinnedFile, type Plan, planVendoring } from '../packages/plan.ts';
import { Unpacker } from '../packages/unpack.ts';
import { print } from '../print/print.ts';
import { screenOf } from '../print/screen.ts';
import {
  reportLines,
  sizeDiagnostics,
  skippedDiagnostic,
  type VendoredPackage,
  type VendorReport,
  WORKER_LIMIT,
} from '../print/vendor.ts';
import { type Progress, progressOn } from '../print/vendor-progress.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';
import { projectHome } from '../project/wrangler-file.ts';

export interface VendorOptions extends ClosureOptions {
  /** By default, the `python_modules` of the project. */
  to?: string;
  cache?: string;
  jobs: string;
  dryRun?: true;
  force?: true;
}

const MOST_JOBS = 32;

export async function vendorCommand(named: readonly string[], options: VendorOptions): Promise<void> {
  const jobs = readJobs(options.jobs);
  const report = await vendor(named, options, jobs);
  print(options.format === 'json' ? [JSON.stringify(report)] : reportLines(report, screenOf(process.stdout)));
}

async function vendor(named: readonly string[], options: VendorOptions, jobs: number): Promise<VendorReport> {
  const to = options.to ?? join(projectHome(options.config), 'python_modules');
  const folder = await claimFolder(to, options.force === true);
  const backend = await openBackend(options.registry);
  const closure = await askWhole(backend.pinwheel, named, options);
  const { answer } = closure;
  const plan = planVendoring(await packagesOfClosure(backend, closure));
  const cache = new Cache(options.cache ?? defaultCacheFolder());
  if (options.dryRun) return reportOf(answer, plan, { ...options, to }, await dryRun(plan, cache));

  const progress = progressOn(process.stderr, plan.files.length);
  try {
    const fetched = await fetchAll(plan.files, cache, jobs, progress, closure.credentials);
    const done = await unpackAll(answer, plan, folder, fetched, progress);
    return reportOf(answer, plan, { ...options, to }, done);
  } finally {
    progress.end();
  }
}

/** The part of the report about packages. */
interface Done {
  packages: VendoredPackage[];
  downloaded: number;
  cached: number;
  diagnostics: Diagnostic[];
}

async function dryRun({ files }: Plan, cache: Cache): Promise<Done> {
  const packages: VendoredPackage[] = [];
  for (const file of files) {
    const found = await cache.find(file.sha256);
    const cached = found !== null && found !== 'damaged';
    const size = cached ? found.size : file.size;
    packages.push({ ...vendored(file, cached), size, files: null, unpacked_size: null });
  }
  return { packages, downloaded: 0, cached: 0, diagnostics: [] };
}

async function unpackAll(
  answer: ResolveAnswer,
  { files }: Plan,
  folder: string,
  fetched: ReadonlyMap<string, Fetched>,
  progress: Progress,
): Promise<Done> {
  const staged = await StagedFolder.create(folder);
  try {
    const unpacker = new Unpacker(staged.path);
    const packages: VendoredPackage[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const file of files) {
      const { path, size, received, replaced } = fetched.get(file.sha256)!;
      if (replaced) diagnostics.push(replacedDiagnostic(file));
      const unpacked = await unpacker.unpack(path, file).catch((error: unknown) => refuse(file, error));
      for (const one of unpacked.diagnostics) diagnostics.push(one);
      const cached = received === 0 && !file.url.startsWith('file:');
      packages.push({
        ...vendored(file, cached),
        size,
        files: unpacked.files,
        unpacked_size: unpacked.bytes,
      });
      progress.unpacked(file);
    }
    const { version } = readPackageJson('package.json') as { version: string };
    await staged.commit(vendorMarker(version, answer, packages));
    // Local files came from neither.
    const remote = new Set(files.filter(({ url }) => !url.startsWith('file:')).map(({ sha256 }) => sha256));
    const all = [...fetched].flatMap(([sha256, one]) => (remote.has(sha256) ? one : []));
    const downloaded = all.reduce((sum, { received }) => sum + received, 0);
    const cached = all.reduce((sum, { size, received }) => sum + Math.max(0, size - received), 0);
    return { packages, downloaded, cached, diagnostics };
  } finally {
    staged.discard();
  }
}

function vendored({ name, version, filename, sha256, url }: PinnedFile, cached: boolean) {
  return { name, version, filename, sha256, url, cached };
}

function reportOf(
  { registry, target, diagnostics: asked }: ResolveAnswer,
  { skipped }: Plan,
  { to, dryRun }: VendorOptions & { to: string },
  { packages, downloaded, cached, diagnostics }: Done,
): VendorReport {
  const unpacked = dryRun ? null : packages.reduce((sum, { unpacked_size }) => sum + unpacked_size!, 0);
  return {
    registry,
    target,
    folder: to,
    dry_run: dryRun === true,
    packages,
    skipped,
    totals: { packages: packages.length, downloaded, cached, unpacked, worker_limit: WORKER_LIMIT },
    diagnostics: [
      // That packages have to be vendored is no news here.
      ...target.diagnostics.filter(({ code }) => code !== 'packages_not_in_runtime'),
      ...asked,
      ...skipped.map(skippedDiagnostic),
      ...diagnostics,
      ...sizeDiagnostics(packages),
    ],
  };
}

function readJobs(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_JOBS) return Number(text);
  throw misused(`--jobs ${text} is not a number from 1 to ${MOST_JOBS}.`);
}

function replacedDiagnostic({ filename }: PinnedFile): Diagnostic {
  const message = `${filename} in the cache was damaged, and has been downloaded again.`;
  return { severity: 'warning', code: 'damaged_cache', message, fix: null };
}

function refuse({ name, filename, url }: PinnedFile, error: unknown): never {
  if (!(error instanceof ArchiveError)) throw error;
  const message = `${filename} could not be unpacked: ${error.message}.`;
  const fix = `The package set pins this file, from ${url}. Leave out ${name}, and tell the publisher of the set.`;
  throw unanswered([refusedArchive({ filename, package: name, message, fix })]);
}
