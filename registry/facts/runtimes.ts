/** All runtimes, and the days on which their Pyodides were released, for the API and the pages. */
import * as z from 'zod';
import sources from '../../data/sources.json' with { type: 'json' };
import { runtimeOf, runtimeOfSet } from '../../resolver/compatibility/target.ts';
import { minorOf } from '../../resolver/compatibility/view.ts';
import type { CatalogView } from '../../resolver/index.ts';
import { Runtime } from '../../resolver/schemas.ts';

export const RuntimeDescription = Runtime.extend({
  flag: z.string().nullable().describe('The release flag that enables it; null if no workerd carries it.'),
  enabled_from: z
    .string()
    .nullable()
    .describe('The date from which `python_workers` or the date enables it.'),
  supported_until: z.string().nullable().describe('The first day on which its Python is out of support.'),
}).meta({ id: 'Runtime' });
export type RuntimeDescription = z.infer<typeof RuntimeDescription>;

/** workerd's releases in the order of their flags, then the Pyodides that only package sets use. */
export function listRuntimes(view: CatalogView): RuntimeDescription[] {
  const ends = new Map(view.pythons.map((fact) => [fact.python, fact.supported_until]));
  const supportedUntil = (python: string) => ends.get(minorOf(python)) ?? null;
  const listed = new Map<string, RuntimeDescription>();
  for (const flag of view.flags) {
    const release = view.releases.get(flag.field);
    if (!release) continue;
    listed.set(release.id, {
      ...runtimeOf(release),
      flag: flag.enable,
      enabled_from: flag.enable_date ?? flag.implied_date,
      supported_until: supportedUntil(release.python),
    });
  }
  for (const set of view.sets.values()) {
    if (listed.has(set.runtime)) continue;
    listed.set(set.runtime, {
      ...runtimeOfSet(set),
      ...{ flag: null, enabled_from: null, supported_until: supportedUntil(set.python) },
    });
  }
  return [...listed.values()];
}

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

/** The release of a Pyodide, with the source: a package set has the day of its flag, which may be another. */
export function releaseOfPyodide(version: string): PyodideRelease {
  return releases.get(version) ?? null;
}
