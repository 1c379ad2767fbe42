/** Vendors a closure's packages: downloaded, verified and unpacked into a folder for the Worker. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { neededLibraries } from '../../resolver/closure/needed-libraries.ts';
import { totalsOf } from '../../resolver/closure/prepare.ts';
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import type { Diagnostic, ResolveAnswer } from '../../resolver/index.ts';
import { nativeLibrary, refusedArchive, unusableUpstreamUrl } from '../../resolver/issues/documents.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import type { MemberKind } from '../../resolver/schemas.ts';
import { MARKER_FILE, vendorMarker } from '../../resolver/vendored/folder.ts';
import { packagesOfClosure } from '../ask/closure.ts';
import { unanswered, wholeNumber } from '../common/failure.ts';
import { defaultCacheFolder } from '../common/folders.ts';
import type { Progress } from '../common/listener.ts';
import { readPackageJson } from '../common/package-root.ts';
import { claimFolder, stageFolder } from '../common/staged-folder.ts';
import { bytes, WORKER_LIMIT } from '../common/text.ts';
import { ArchiveError } from '../packages/archive.ts';
import { Cache } from '../packages/cache.ts';
import { type Fetched, fetchAll, LIMITS, type PinnedFile, pinnedFile } from '../packages/download.ts';
import { Unpacker } from '../packages/unpack.ts';
import type { BuildPackage } from '../worker/inputs.ts';
import { askWhole, type ClosureOptions } from './closure.ts';
import { readVendored } from './layout.ts';
import type { SkippedPackage, VendoredChange, VendoredPackage, VendoredProject } from './vendor-report.ts';
import { findWranglerFile, ownFiles, projectHome } from './wrangler-file.ts';

export interface VendorOptions extends ClosureOptions {
  /** The project's `python_modules` by default. */
  to?: string;
  /** How many downloads run at once. */
  jobs: string;
  dryRun?: true;
  force?: true;
  /** Leaves a folder as it is that has exactly the packages of the closure. */
  onlyChanges?: true;
}

export const MOST_JOBS = 32;

const LARGEST = 5;

function sizeDiagnostics(packages: readonly Omit<VendoredPackage, 'evidence'>[]): Diagnostic[] {
  const size = packages.reduce((sum, { unpacked_size }) => sum + (unpacked_size ?? 0), 0);
  if (size <= LARGEST_WORKER) return [];
  const largest = packages
    .toSorted((a, b) => (b.unpacked_size ?? 0) - (a.unpacked_size ?? 0))
    .slice(0, LARGEST)
    .map(({ name, unpacked_size }) => `${name} (${bytes(unpacked_size ?? 0)})`);
  const message = `${bytes(size)} are more than the ${WORKER_LIMIT} that a Worker may have. The largest packages: ${largest.join(', ')}.`;
  const fix = 'Leave out what the Worker does not import.';
  return [remark('warning', 'too_large_for_a_worker', message, fix)];
}

export async function vendor(named: readonly string[], options: VendorOptions): Promise<VendoredProject> {
  const jobs = wholeNumber('--jobs', options.jobs, MOST_JOBS);
  const to = options.to ?? join(projectHome(options.config), 'python_modules');
  const config = options.to === undefined ? null : (options.config ?? findWranglerFile());
  const own = config === null ? [] : await ownFiles(config, options.env);
  const folder = await claimFolder(to, options.force === true, own);
  const closure = await askWhole(named, options);
  const { answer } = closure;
  const libraries = neededLibraries(answer.packages);
  if (libraries.length > 0) throw unanswered(libraries.map(nativeLibrary));
  const { files, skipped } = planVendoring(await packagesOfClosure(closure, options));
  const cache = new Cache(options.cache ?? defaultCacheFolder());
  const before = await vendoredBefore(folder);
  const changes = changesBetween(before?.packages ?? [], files);
  const isSameSet = before?.package_set.digest === answer.target.package_set.digest;
  const isCurrent = options.onlyChanges && isSameSet && changes.length === 0;
  const stated = { folder: to, dry_run: options.dryRun === true, changes, skipped };
  if (options.dryRun || isCurrent) return reportOf(answer, stated, await dryRun(files, cache));

  const progress = options.listener.downloads(files.length);
  try {
    const { signal } = options.listener;
    const limits = { ...LIMITS, signal };
    const fetched = await fetchAll(files, cache, jobs, progress, closure.credentials, limits);
    return reportOf(answer, stated, await unpackAll(answer, files, folder, fetched, progress, signal));
  } finally {
    progress.end?.();
  }
}

type Kept = Pick<PinnedFile, 'name' | 'version' | 'sha256'>;

/** The packages of an earlier run, by its marker; null if there is none, or a package is not there any more. */
async function vendoredBefore(folder: string) {
  if (!existsSync(join(folder, MARKER_FILE))) return null;
  const { marker, installed } = await readVendored(folder);
  const names = new Set(installed.packages.map(({ name }) => name));
  const isWhole = Array.isArray(marker?.packages) && marker.packages.every(({ name }) => names.has(name));
  return isWhole ? marker : null;
}

function changesBetween(before: readonly Kept[], after: readonly Kept[]): VendoredChange[] {
  const [old, made] = [before, after].map((files) => new Map(files.map((file) => [file.name, file])));
  const names = [...new Set([...old!.keys(), ...made!.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [old!.get(name), made!.get(name)];
    if (from?.sha256 === to?.sha256) return [];
    return { name, from: from?.version ?? null, to: to?.version ?? null };
  });
}

type Done = Pick<VendoredProject['totals'], 'downloaded' | 'cached' | 'unpacked'> & {
  packages: Omit<VendoredPackage, 'evidence'>[];
  diagnostics: Diagnostic[];
};

async function dryRun(files: readonly PinnedFile[], cache: Cache): Promise<Done> {
  const packages: Done['packages'] = [];
  for (const file of files) {
    const kept = await cache.find(file.sha256);
    const cached = kept !== null && kept !== 'damaged';
    const size = cached ? kept.size : file.size;
    packages.push({ ...vendored(file, cached), size, files: null, unpacked_size: null });
  }
  return { packages, downloaded: 0, cached: 0, unpacked: null, diagnostics: [] };
}

async function unpackAll(
  answer: ResolveAnswer,
  files: readonly PinnedFile[],
  folder: string,
  fetched: ReadonlyMap<string, Fetched>,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Done> {
  const staged = await stageFolder(folder);
  try {
    const unpacker = new Unpacker(staged.path);
    const packages: Done['packages'] = [];
    const diagnostics: Diagnostic[] = [];
    for (const file of files) {
      const { path, size, received, replaced } = fetched.get(file.sha256)!;
      const again = `${file.filename} in the cache was damaged, and has been downloaded again.`;
      if (replaced) diagnostics.push(remark('warning', 'damaged_cache', again, null));
      const unpacked = await unpacker.unpack(path, file).catch((error: unknown) => refuse(file, error));
      for (const remark of unpacked.diagnostics) diagnostics.push(remark);
      const cached = received === 0 && !file.url.startsWith('file:');
      packages.push({
        ...vendored(file, cached),
        size,
        files: unpacked.files,
        unpacked_size: unpacked.bytes,
      });
      progress.unpacked?.(file);
      signal?.throwIfAborted();
    }
    const { version } = readPackageJson('package.json') as { version: string };
    await staged.commit(vendorMarker(version, answer, packages));
    // Local files came from neither.
    const remote = new Set(files.filter(({ url }) => !url.startsWith('file:')).map(({ sha256 }) => sha256));
    const all = [...fetched].flatMap(([sha256, result]) => (remote.has(sha256) ? result : []));
    const downloaded = all.reduce((sum, { received }) => sum + received, 0);
    const cached = all.reduce((sum, { size, received }) => sum + Math.max(0, size - received), 0);
    const unpacked = packages.reduce((sum, { unpacked_size }) => sum + unpacked_size!, 0);
    return { packages, downloaded, cached, unpacked, diagnostics };
  } finally {
    staged.discard();
  }
}

function vendored({ name, version, filename, sha256, url }: PinnedFile, cached: boolean) {
  return { name, version, filename, sha256, url, cached };
}

function reportOf(
  { registry, target, packages: resolved, diagnostics: asked }: ResolveAnswer,
  { skipped, ...own }: Pick<VendoredProject, 'folder' | 'dry_run' | 'changes' | 'skipped'>,
  { packages, downloaded, cached, unpacked, diagnostics }: Done,
): VendoredProject {
  const evidence = new Map(resolved.map((entry) => [entry.name, entry.evidence]));
  return {
    registry,
    target,
    ...own,
    packages: packages.map((done) => ({ ...done, evidence: evidence.get(done.name)! })),
    skipped,
    totals: {
      ...totalsOf(packages.map(({ size }) => ({ kind: 'package', wheel: { size } }))),
      ...{ downloaded, cached, unpacked, worker_limit: LARGEST_WORKER },
    },
    diagnostics: [
      // Packages are vendored here: that they have to be is no news.
      ...target.diagnostics.filter(({ code }) => code !== 'packages_not_in_runtime'),
      ...asked,
      ...skipped.map(({ name, version, reason }) =>
        remark('info', 'not_vendored', `${name} ${version} is left out: ${reason}.`),
      ),
      ...diagnostics,
      ...sizeDiagnostics(packages),
    ],
  };
}

function refuse({ name, filename, url }: PinnedFile, error: unknown): never {
  if (!(error instanceof ArchiveError)) throw error;
  const { message: detail } = error;
  throw unanswered([refusedArchive({ problem: 'not_vendored', filename, package: name, detail, url })]);
}

const REASONS: Record<Exclude<MemberKind, 'package'>, string> = {
  shared_library: 'it is a shared library, which Pyodide loads from a separate folder',
  standard_library: 'it is part of the standard library, which the runtime provides',
};

/** The files in load order, and the packages that need none. */
function planVendoring(packages: readonly BuildPackage[]) {
  const skipped = packages.flatMap(({ name, version, kind }): SkippedPackage[] =>
    kind === 'package' ? [] : [{ name, version, kind, reason: REASONS[kind] }],
  );
  const files = packages.filter(({ kind }) => kind === 'package').map(pinnedFile);
  for (const { filename, url } of files) {
    if (!/^(?:https?|file):$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw unanswered([unusableUpstreamUrl({ filename, url })]);
  }
  return { files, skipped };
}
