/** The documents that a registry sends, which are checked against their schemas. */
import type { AdvisoriesDocument } from '../audit/advisories.ts';
import type { Catalog, LogEntry, NewestIndex, PackageSet } from '../catalog.ts';
import type { Pin, StandardLibraryDocuments } from '../closure/source.ts';
import { type DocumentSchema, mismatch } from './mismatch.ts';
import schemas from './schemas.json' with { type: 'json' };

/** `GET /v1/packages/{name}`: every version of a package, by set. */
interface PackageHistory {
  versions: Pin[];
}

/** A problem document (RFC 9457). */
export interface Problem {
  code: string;
  detail: string;
  errors?: { code: string; message: string; fix: string | null }[] | undefined;
}

/** A document of a schema, or what is wrong with it, such as `sets[3].digest is missing`. */
export type Read<Document> = { ok: true; document: Document } | { ok: false; problem: string };

export function readJson<Document>(schema: DocumentSchema<Document>, json: string): Read<Document> {
  const value = parseJson(json);
  return value === undefined ? { ok: false, problem: 'it is not JSON' } : readDocument(schema, value);
}

export function readDocument<Document>(schema: DocumentSchema<Document>, value: unknown): Read<Document> {
  const problem = mismatch(schema, value);
  return problem === null ? { ok: true, document: value as Document } : { ok: false, problem };
}

/** The text as JSON, or undefined if it is not one. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export const catalogSchema = schemas.Catalog as DocumentSchema<Catalog>;
export const newestSchema = schemas.NewestIndex as DocumentSchema<NewestIndex>;
export const logEntrySchema = schemas.LogEntry as DocumentSchema<LogEntry>;
export const packageSetSchema = schemas.PackageSet as DocumentSchema<PackageSet>;
export const advisoriesDocumentSchema = schemas.AdvisoriesDocument as DocumentSchema<AdvisoriesDocument>;
export const packageHistorySchema = schemas.PackageHistory as DocumentSchema<PackageHistory>;
export const standardLibraryDocumentsSchema =
  schemas.StandardLibraryDocuments as DocumentSchema<StandardLibraryDocuments>;
export const problemSchema = schemas.Problem as DocumentSchema<Problem>;
