/** With what clients check documents. `node scripts/document-schemas.ts` makes the JSON of the zod schemas. */
import type { Catalog, PackageSet } from '../catalog.ts';
import type { StandardLibraryDocuments } from '../pinwheel/source.ts';
import type { Newest, PackageHistory, Problem } from './documents.ts';
import type { DocumentSchema } from './mismatch.ts';
import schemas from './schemas.json' with { type: 'json' };

export const catalogSchema = schemas.Catalog as DocumentSchema<Catalog>;
export const newestSchema = schemas.Newest as DocumentSchema<Newest>;
export const packageSetSchema = schemas.PackageSet as DocumentSchema<PackageSet>;
export const packageHistorySchema = schemas.PackageHistory as DocumentSchema<PackageHistory>;
export const standardLibraryDocumentsSchema =
  schemas.StandardLibraryDocuments as DocumentSchema<StandardLibraryDocuments>;
export const problemSchema = schemas.Problem as DocumentSchema<Problem>;
