import * as z from 'zod';
import facts from '../../data/standard-library/facts.json';
import measured from '../../data/standard-library/measured.json';
import { StandardLibrary, StandardLibraryFacts } from '../../resolver/python/standard-library-document.ts';
import { described } from '../http/described.ts';
import { readRoute } from '../http/route.ts';

export const standardLibraryRoute = readRoute({
  path: '/v1/standard-library',
  tag: 'Facts',
  summary: 'Which modules of the standard library each Pyodide has, and what they cannot do, as measured',
  schema: described(
    z.strictObject({ facts: StandardLibraryFacts, measured: StandardLibrary }),
    'StandardLibrary',
  ),
  answer: () => ({ facts, measured }),
});
