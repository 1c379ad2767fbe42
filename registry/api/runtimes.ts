import * as z from 'zod';
import { listRuntimes, RuntimeDescription } from '../facts/runtimes.ts';
import { described } from '../http/described.ts';
import { REVISION } from '../http/question.ts';
import { readRoute } from '../http/route.ts';

export const runtimesRoute = readRoute({
  path: '/v1/runtimes',
  tag: 'Facts',
  summary: 'Every Python runtime: those that workerd includes, and those that package sets were built for',
  query: REVISION,
  schema: described(z.strictObject({ runtimes: z.array(RuntimeDescription) }), 'Runtimes'),
  answer: ({ view }) => ({ runtimes: listRuntimes(view) }),
});
