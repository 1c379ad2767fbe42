import { defaultSet } from '../../../resolver/compatibility/package-set.ts';
import type { CatalogView, PreparedSet } from '../../../resolver/index.ts';
import type { CatalogRelease } from '../../../resolver/schemas.ts';
import { type Library, libraryOf } from './library.ts';

/** A runtime of workerd and its standard library. */
export interface Column {
  /** The newest of the equal Pyodides. */
  pyodide: string;
  library: Library;
  /** By module, the package that provides it in the default set. */
  packages: ReadonlyMap<string, string>;
  flag: string | null;
}

/** workerd's runtimes, the newest first; of those with the same Python and ABI, only the newest. */
export async function columnsOf(
  view: CatalogView,
  asOf: string,
  openSet: (digest: string) => Promise<PreparedSet>,
): Promise<Column[]> {
  const byAbi = new Map<string, CatalogRelease>();
  for (const { field } of view.runtimeFlags) {
    const release = view.releases.get(field);
    if (release && release.id !== 'dev') byAbi.set(release.abi, release);
  }
  const columns: Column[] = [];
  for (const release of byAbi.values()) {
    const { pyodide } = release;
    const library = libraryOf(pyodide);
    if (!library) continue;
    const chosen = defaultSet(view, release, asOf);
    const set = chosen && (await openSet(chosen.set.digest));
    const packages = new Map<string, string>();
    for (const { name, imports } of set?.members ?? []) {
      for (const module of imports) packages.set(module, name);
    }
    columns.push({ pyodide, library, packages, flag: chosen?.set.flag ?? null });
  }
  return columns.reverse();
}
