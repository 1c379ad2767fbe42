import { z } from '@hono/zod-openapi';
import facts from '../../data/standard-library/facts.json';
import measured from '../../data/standard-library/measured.json';
import { StandardLibrary, StandardLibraryFacts } from '../../resolver/python/standard-library-document.ts';
import { readRoute } from '../http/route.ts';

export const standardLibraryRoute = readRoute({
  path: '/v1/standard-library',
  tag: 'Facts',
  summary: 'What each Pyodide can do of the standard library, as measured, and what is known of it',
  schema: z
    .strictObject({ facts: StandardLibraryFacts, measured: StandardLibrary })
    .openapi('StandardLibrary'),
  answer: () => ({ facts, measured }),
});
