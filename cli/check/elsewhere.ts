/** What other package sets have of what this one lacks. */
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import type { Hint, Hints } from '../../resolver/python/failures.ts';
import { CommandError, type Complaint } from '../failure.ts';
import { readPackageJson } from '../package-root.ts';

/** Asks for requirements: what is wrong with them, in the words of whoever answers. */
export type Complain = (requirements: readonly string[]) => Promise<readonly Complaint[]>;

/** Modules that are looked up before the rest has to do without a hint. */
const MOST_LOOKED_UP = 50;

/** Which packages of any set bring these modules, and where they can be had. */
export async function findElsewhere(modules: readonly string[], complain: Complain): Promise<Hints> {
  if (modules.length === 0) return new Map();
  const wanted = new Set(modules.slice(0, MOST_LOOKED_UP));
  const packages = packagesHaving((module) => (wanted.has(module) ? module : null));
  const complaints = await complain([...new Set([...packages.values()].flatMap((names) => [...names]))]);
  return new Map(
    [...packages].map(([module, names]): [string, Hint] => {
      const told = complaints.find(({ message }) => [...names].some((name) => message.includes(`"${name}"`)));
      return [module, { packages: [...names], fix: told?.fix ?? null }];
    }),
  );
}

/** The complaints that an answer ends with; none where it does not. */
export async function complaintsOf(answer: Promise<unknown>): Promise<readonly Complaint[]> {
  try {
    await answer;
    return [];
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 1) return error.complaints;
    throw error;
  }
}

/** The names of packages that any set which is carried has, by what `keyOf` makes of a module that is looked for. */
export function packagesHaving(keyOf: (module: string) => string | null): Map<string, Set<string>> {
  const { sets } = readPackageJson('data/catalog.json') as Catalog;
  const having = new Map<string, Set<string>>();
  for (const { flag } of sets) {
    const { packages } = readPackageJson(`data/sets/${flag}.json`) as PackageSet;
    for (const { name, imports } of packages) {
      for (const imported of imports) {
        const key = keyOf(imported.split('.', 1)[0]!);
        if (key !== null) having.set(key, (having.get(key) ?? new Set()).add(name));
      }
    }
  }
  return having;
}
