/** The registry as the playground sees it: `/v1/catalog` and `/v1/sets/{flag}`, each fetched once. */
import type { Catalog, PackageSet } from '../../../../resolver/catalog.ts';
import type { Pin } from '../../../../resolver/closure/explain.ts';
import { type PreparedSet, prepareSet } from '../../../../resolver/closure/prepare.ts';
import type { ResolveSource } from '../../../../resolver/closure/resolve.ts';
import { type CatalogView, viewCatalog } from '../../../../resolver/compatibility/view.ts';
import type { Outcome } from '../../../../resolver/issue.ts';

/** Thrown where something could not be fetched, with what people can do about it. */
export class Unreachable extends Error {}

export interface Registry {
  view(revision: number | undefined): Promise<Outcome<CatalogView>>;
  source(view: CatalogView): ResolveSource;
  /** What was fetched so far, in words. */
  fetched(): string;
}

export function openRegistry(): Registry {
  let catalog: Promise<Catalog> | undefined;
  const sets = new Map<string, Promise<PreparedSet>>();

  const openSet = (flag: string, revision: number) => {
    let set = sets.get(flag);
    if (!set) {
      // With a revision the answer never changes, so that the browser keeps it.
      set = fetchJson<PackageSet>(`/v1/sets/${encodeURIComponent(flag)}?revision=${revision}`).then(
        prepareSet,
      );
      set.catch(() => sets.delete(flag));
      sets.set(flag, set);
    }
    return set;
  };

  return {
    async view(revision) {
      if (!catalog) {
        catalog = fetchJson<Catalog>('/v1/catalog');
        catalog.catch(() => (catalog = undefined));
      }
      return viewCatalog(await catalog, revision);
    },
    source: (view) => ({
      openSet: ({ flag }) => openSet(flag, view.stamp.revision),
      // To say where else a package is, every set has to be looked at.
      async readPins(names) {
        const all = await Promise.all(
          [...view.sets.keys()].map((flag) => openSet(flag, view.stamp.revision)),
        );
        return new Map(names.map((name) => [name, all.flatMap((set) => pinOf(set, name))]));
      },
    }),
    fetched: () => `the catalog and ${sets.size} package ${sets.size === 1 ? 'set' : 'sets'}`,
  };
}

function pinOf({ flag, members, index }: PreparedSet, name: string): Pin[] {
  const at = index.get(name);
  return at === undefined ? [] : [{ flag, version: members[at]!.version }];
}

async function fetchJson<Document>(path: string): Promise<Document> {
  const response = await fetch(path).catch(() => null);
  if (!response?.ok) throw new Unreachable(`${path} could not be fetched. Try again in a moment.`);
  return response.json() as Promise<Document>;
}
