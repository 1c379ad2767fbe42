/** Who answers: the bundled data, or a registry. Both answer with the same bytes. */
import {
  type Catalog,
  fileUrls,
  type PackageSet,
  type Pinwheel,
  type ResolvedPackage,
  type StandardLibraryDocuments,
} from '../../resolver/index.ts';
import { unanswered } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { registryCache } from './registry-cache.ts';

export interface Backend {
  pinwheel: Pinwheel;
  /** The address of the registry, with a slash at its end; null for the bundled data. */
  registry: string | null;
}

/**
 * The bundled data, or the registry at this URL. Of the package's own files, only those that a question needs are read.
 */
export async function openBackend(registry: string | undefined): Promise<Backend> {
  if (registry !== undefined) {
    const { createClient } = await import('../../resolver/client.ts');
    const { readAddress } = await import('../../resolver/client/address.ts');
    const pinwheel = createClient({
      registry,
      cache: registryCache,
      check: async (...asked) => (await import('../../resolver/python/index.ts')).check(...asked),
      resolveBeyond: async (...asked) =>
        (await import('../../resolver/solver/index.ts')).resolveBeyond(...asked),
    });
    return { pinwheel, registry: readAddress(registry) };
  }
  const { createResolver } = await import('../../resolver/documents.ts');
  const pinwheel = createResolver({
    catalog: () => readPackageJson('data/catalog.json') as Catalog,
    openSet: ({ flag }) => readPackageJson(`data/sets/${flag}.json`) as PackageSet,
    standardLibrary: () =>
      ({
        facts: readPackageJson('data/standard-library/facts.json'),
        measured: readPackageJson('data/standard-library/measured.json'),
      }) as StandardLibraryDocuments,
  });
  return { pinwheel, registry: null };
}

/** Where the files of packages come from. Fails if only registries serve one, and none was named. */
export function urlsOf(
  { registry }: Backend,
  packages: readonly ResolvedPackage[],
): (one: { name: string }) => string {
  const urls = fileUrls(packages, registry);
  if (urls.ok) return urls.value;
  throw unanswered(urls.issues.map((issue) => ({ ...issue, fix: 'Name a registry with --registry URL.' })));
}
