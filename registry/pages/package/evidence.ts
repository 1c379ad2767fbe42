/** What was seen of a package in one set, with the details of its runs from the documents. */
import { evidenceIn } from '../../../resolver/evidence-level.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import type { Evidence, EvidenceDocument, EvidenceResult } from '../../../resolver/schemas.ts';
import type { Bindings } from '../../env.ts';
import { readDocument } from '../../storage/documents.ts';
import { within } from '../../storage/operations.ts';
import { logError } from '../../structured-log.ts';

export interface PackageEvidence {
  name: string;
  flag: string;
  evidence: Evidence;
  runs: { document: EvidenceDocument; result: EvidenceResult }[];
  /** Whether a document could not be read. The level is that of the catalog. */
  lost: boolean;
}

export async function evidenceOfPackage(
  { STORE }: Bindings,
  view: CatalogView,
  flag: string,
  name: string,
): Promise<PackageEvidence> {
  const evidence = evidenceIn(view, flag)(name);
  const rows = evidence.ground === null ? [] : view.evidence.get(flag)!;
  const read = await Promise.all(
    rows.map(async ({ document }) => {
      const text = await within(readDocument(STORE, document)).catch((error: unknown) => {
        logError('a document of evidence could not be read', error);
        return null;
      });
      return text === null ? null : (JSON.parse(text) as EvidenceDocument);
    }),
  );
  const runs = read.flatMap((document) => {
    const result = document?.results.find((each) => each.name === name);
    return result ? [{ document: document!, result }] : [];
  });
  return { name, flag, evidence, runs, lost: read.includes(null) };
}
