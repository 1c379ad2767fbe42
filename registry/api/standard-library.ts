import { z } from '@hono/zod-openapi';
import facts from '../../data/standard-library/facts.json';
import measured from '../../data/standard-library/measured.json';
import { StandardLibrary, StandardLibraryFacts } from '../../resolver/python/standard-library-document.ts';
import { createApi, replyFromView } from '../http/app.ts';
import { readRoute } from '../http/routes.ts';

const route = readRoute({
  path: '/v1/standard-library',
  tag: 'Facts',
  summary: 'What each Pyodide can do of the standard library, as measured, and what is known of it',
  answer: z
    .strictObject({ facts: StandardLibraryFacts, measured: StandardLibrary })
    .openapi('StandardLibrary'),
});

export const standardLibraryApi = createApi().openapi(route, (c) =>
  replyFromView(c, undefined, () => ({ facts, measured })),
);
