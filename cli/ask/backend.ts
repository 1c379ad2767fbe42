/** Who answers: the bundled data, or a registry. Both answer with the same bytes. */
import type { AdvisoriesDocument } from '../../resolver/audit/advisories.ts';
import { fileUrls } from '../../resolver/formats/file.ts';
import type {
  Asked,
  Catalog,
  PackageSet,
  Pinwheel,
  ResolvedPackage,
  ResolveQuestion,
  StandardLibraryDocuments,
} from '../../resolver/index.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import type { Alternatives } from '../../resolver/pinwheel/check.ts';
import { packagesProviding } from '../../resolver/python/modules.ts';
import { answered, misused, unanswered } from '../common/failure.ts';
import { defaultCacheFolder, registryCache } from '../common/folders.ts';
import { fetchUntil, type Listener } from '../common/listener.ts';
import { readPackageJson } from '../common/package-root.ts';

export interface Backend {
  pinwheel: Pinwheel;
  /** The address of the registry, with a slash at its end; null for the bundled data. */
  registry: string | null;
}

/** The folder of what was downloaded or built; a dry run does neither. */
export interface CacheOptions {
  cache?: string | undefined;
  dryRun?: boolean | undefined;
}

export interface BackendOptions {
  registry?: string;
  /** A registry whose newest signature is older, in days, is refused. */
  maxAge?: string;
  listener: Pick<Listener, 'remarks' | 'signal'>;
}

/** The bundled data, or a registry. Of the package's own files, only those that a question needs are read. */
export async function openBackend({ registry, maxAge, listener }: BackendOptions): Promise<Backend> {
  if (registry !== undefined) {
    const { createClient } = await import('../../resolver/client.ts');
    const { readAddress } = await import('../../resolver/client/transport.ts');
    const { checkHead } = await import('./registry-log.ts');
    await checkHead(readAddress(registry), maxAge, listener);
    const pinwheel = createClient({
      registry,
      fetch: fetchUntil(listener.signal),
      cache: registryCache,
      check: async (...asked) => (await import('../../resolver/python/index.ts')).check(...asked),
      resolveBeyond: async (...asked) =>
        (await import('../../resolver/solver/index.ts')).resolveBeyond(...asked),
    });
    return { pinwheel, registry: readAddress(registry) };
  }
  if (maxAge !== undefined) throw misused({ problem: 'max_age_without_registry' });
  const { createResolver } = await import('../../resolver/documents.ts');
  const pinwheel = createResolver({
    catalog: () => readPackageJson('data/catalog.json') as Catalog,
    openSet: ({ flag }) => readPackageJson(`data/sets/${flag}.json`) as PackageSet,
    standardLibrary: () =>
      ({
        facts: readPackageJson('data/standard-library/facts.json'),
        measured: readPackageJson('data/standard-library/measured.json'),
        packages: readPackageJson('data/package-facts.json'),
      }) as StandardLibraryDocuments,
    advisories: ({ day, range }) =>
      range ? null : (readPackageJson(`data/advisories/${day}.json`) as AdvisoriesDocument),
  });
  return { pinwheel, registry: null };
}

/** Where the files of packages come from. Fails if a patched wheel has to be built, and its patch is not there. */
export async function urlsOf(
  { registry }: Backend,
  packages: readonly Pick<ResolvedPackage, 'name' | 'origin' | 'wheel'>[],
  options?: CacheOptions,
): Promise<(member: { name: string }) => string> {
  const placed = registry === null ? await builtOf(packages, options) : packages;
  const urls = fileUrls(placed, registry);
  if (urls.ok) return urls.value;
  throw unanswered(
    urls.issues.map((issue) => ({ ...issue, ...fixed('Name a registry with `registry=URL`.') })),
  );
}

/** Adds the patched wheels that are built here. Their code is imported on first use: not every closure has one. */
export async function builtOf<Some extends Pick<ResolvedPackage, 'wheel'>>(
  packages: readonly Some[],
  { cache = defaultCacheFolder(), dryRun = false }: CacheOptions = {},
): Promise<Some[]> {
  if (packages.every(({ wheel }) => wheel.upstream_url !== null)) return [...packages];
  const { withBuiltWheels } = await import('../packages/patch/built-wheel.ts');
  return withBuiltWheels(packages, cache, { dryRun });
}

/** A question without requirements. */
export type PlainQuestion = Omit<Asked<ResolveQuestion>, 'requirements'>;

/** Asks the bundled data or the registry, with the flags and the revision of the question. */
export function alternativesOf({ safeResolve, source }: Pinwheel, question: PlainQuestion): Alternatives {
  return {
    async findIssues(requirements) {
      const outcome = await safeResolve({ ...question, requirements });
      return outcome.ok ? [] : outcome.issues;
    },
    async packagesHaving(keyOf) {
      return packagesProviding(answered(await source.view(question.revision ?? undefined)), source, keyOf);
    },
  };
}
