/** The feeds: all publications, and the versions of one package. */

import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { Catalog, CatalogView, Publication } from '../../../resolver/index.ts';
import { packagePath } from '../components/addresses.ts';
import type { PackageFacts } from '../package/facts.ts';
import { digestName, type Entry, type Feed } from './atom.ts';
import { describeChange } from './describe-change.ts';

/** Entries, the newest first; older ones are in the log. */
const MOST_ENTRIES = 50;

/** The id of a registry's feed is the root of the log with its first publication; the id of an entry, with its own. */
export function changesFeed(catalog: Catalog, origin: string): Feed {
  const newestFirst = catalog.log.toReversed();
  return {
    id: digestName(catalog.log[0]!.root),
    title: 'Pinwheel: package sets and compatibility flags of Python Workers',
    ...{ origin, path: '/changes.atom', page: '/' },
    updated: newestFirst[0]!.day,
    entries: newestFirst.slice(0, MOST_ENTRIES).map((publication): Entry => {
      const { day, kind: category, root } = publication;
      return { id: digestName(root), day, category, ...describeChange(publication, catalog) };
    }),
  };
}

/** An entry for each set with another version than the previous set of the same Python. */
export function packageFeed(
  { name, versions, verdict }: PackageFacts,
  { sets }: CatalogView,
  log: readonly Publication[],
  origin: string,
): Feed {
  const entryOf = (flag: string) => log[sets.get(flag)!.revision - 1]!;
  const before = new Map<string, string>();
  const inOrder = versions.toSorted((a, b) => sets.get(a.flag)!.revision - sets.get(b.flag)!.revision);
  const entries = inOrder.flatMap(({ flag, version, python, runtime }): Entry[] => {
    const minor = minorOf(python);
    const last = before.get(minor);
    before.set(minor, version);
    if (last === version) return [];
    const { root, day } = entryOf(flag);
    return [
      {
        id: `${digestName(root)}#${encodeURIComponent(name)}`,
        title: `${name} ${version} for Python ${minor}`,
        day,
        path: packagePath(name, flag),
        category: 'version',
        lines: [
          `${flag} has ${name} ${version}, for Python ${python} and Pyodide ${runtime}.`,
          ...(last === undefined ? [] : [`The set before it had ${last}.`]),
        ],
      },
    ];
  });
  const path = packagePath(name);
  return {
    id: `${digestName(log[0]!.root)}#${encodeURIComponent(name)}`,
    title: `${name} on Python Workers: ${verdict.short}`,
    ...{ origin, path: `${path}.atom`, page: path },
    updated: entries.at(-1)!.day,
    entries: entries.toReversed().slice(0, MOST_ENTRIES),
  };
}
