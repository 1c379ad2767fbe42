/** The documents of the standard library and of packages, in the Worker's own code. */

import packages from '../../data/package-facts.json' with { type: 'json' };
import facts from '../../data/standard-library/facts.json' with { type: 'json' };
import measured from '../../data/standard-library/measured.json' with { type: 'json' };
import { moduleReader, type StandardLibraryDocuments } from '../../resolver/index.ts';

export const documents = { facts, measured, packages } as unknown as Required<StandardLibraryDocuments>;

export const standardLibrary = async (): Promise<StandardLibraryDocuments> => documents;

export const readModules = moduleReader(documents.measured);
