/** Schemas for documents that clients read. `node scripts/document-schemas.ts` makes the JSON from the zod schemas. */
import type { AdvisoriesDocument } from '../audit/advisories.ts';
import type { Catalog, LogEntry, NewestIndex, PackageSet } from '../catalog.ts';
import type { StandardLibraryDocuments } from '../pinwheel/source.ts';
import type { PackageHistory, Problem } from './documents.ts';
import type { DocumentSchema } from './mismatch.ts';
import schemas from './schemas.json' with { type: 'json' };

export const catalogSchema = schemas.Catalog as DocumentSchema<Catalog>;
export const newestSchema = schemas.NewestIndex as DocumentSchema<NewestIndex>;
export const logEntrySchema = schemas.LogEntry as DocumentSchema<LogEntry>;
export const packageSetSchema = schemas.PackageSet as DocumentSchema<PackageSet>;
export const advisoriesDocumentSchema = schemas.AdvisoriesDocument as DocumentSchema<AdvisoriesDocument>;
export const packageHistorySchema = schemas.PackageHistory as DocumentSchema<PackageHistory>;
export const standardLibraryDocumentsSchema =
  schemas.StandardLibraryDocuments as DocumentSchema<StandardLibraryDocuments>;
export const problemSchema = schemas.Problem as DocumentSchema<Problem>;
