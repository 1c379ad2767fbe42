/** The object that answers questions, with the data of the package. */
import { readPackageJson } from '../../../cli/common/package-root.ts';
import type { AdvisoriesDocument } from '../../../resolver/audit/advisories.ts';
import type { Catalog, PackageSet } from '../../../resolver/catalog.ts';
import { createResolver } from '../../../resolver/documents.ts';
import type {
  StandardLibrary,
  StandardLibraryFacts,
} from '../../../resolver/python/standard-library-document.ts';

export const pinwheel = createResolver({
  catalog: () => readPackageJson('data/catalog.json') as Catalog,
  openSet: ({ flag }) => readPackageJson(`data/sets/${flag}.json`) as PackageSet,
  standardLibrary: () => ({
    facts: readPackageJson('data/standard-library/facts.json') as StandardLibraryFacts,
    measured: readPackageJson('data/standard-library/measured.json') as StandardLibrary,
  }),
  advisories: ({ day }) => readPackageJson(`data/advisories/${day}.json`) as AdvisoriesDocument,
});
