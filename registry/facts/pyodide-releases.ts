/** When Pyodides were released, with the source: a package set has the day of its flag, which may be another. */
import * as z from 'zod';
import sources from '../../data/sources.json' with { type: 'json' };

export const PyodideRelease = z
  .strictObject({ day: z.string(), source: z.string() })
  .nullable()
  .describe(
    'The day on which the Pyodide of the set was released, and how it is known: by its tag, or because npm’s package was first seen on that day. Null if neither is recorded.',
  );
export type PyodideRelease = z.infer<typeof PyodideRelease>;

const releases = new Map(
  sources.pyodide_releases.map(({ version, released: day, source }) => [version, { day, source }]),
);

export function releaseOfPyodide(version: string): PyodideRelease {
  return releases.get(version) ?? null;
}
