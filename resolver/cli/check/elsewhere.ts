/** What other package sets have of what this one lacks. */
import type { Catalog, PackageSet } from '../../catalog.ts';
import type { Hint, Hints } from '../../python/failures.ts';
import { CommandFailure, type Complaint } from '../failure.ts';
import { readPackageJson } from '../package-root.ts';

/** Asks for requirements: what is wrong with them, in the words of whoever answers. */
export type Complain = (requirements: readonly string[]) => Promise<readonly Complaint[]>;

/** Modules that are looked up before the rest has to do without a hint. */
const MOST_LOOKED_UP = 50;

/** Which packages of any set bring these modules, and where they can be had. */
export async function findElsewhere(modules: readonly string[], complain: Complain): Promise<Hints> {
  if (modules.length === 0) return new Map();
  const packages = packagesHaving(new Set(modules.slice(0, MOST_LOOKED_UP)));
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
    if (error instanceof CommandFailure && error.exitCode === 1) return error.complaints;
    throw error;
  }
}

/** By module; the names of packages that any set which is carried has. */
function packagesHaving(modules: ReadonlySet<string>): Map<string, Set<string>> {
  const { sets } = readPackageJson('data/catalog.json') as Catalog;
  const having = new Map<string, Set<string>>();
  for (const { flag } of sets) {
    const { packages } = readPackageJson(`data/sets/${flag}.json`) as PackageSet;
    for (const { name, imports } of packages) {
      for (const imported of imports) {
        const module = imported.split('.', 1)[0]!;
        if (!modules.has(module)) continue;
        having.set(module, (having.get(module) ?? new Set()).add(name));
      }
    }
  }
  return having;
}
