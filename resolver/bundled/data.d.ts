/** The modules that `scripts/bundled-data.ts` makes of `data/` when the package is built. */
declare module 'bundled:data' {
  export function loadCatalog(): Promise<import('../catalog.ts').Catalog>;
  export function loadSet(flag: string): Promise<import('../catalog.ts').PackageSet>;
  export function loadAdvisories(day: string): Promise<import('../audit/advisories.ts').AdvisoriesDocument>;
  export function loadStandardLibrary(): Promise<import('../closure/source.ts').StandardLibraryDocuments>;
  /** The package flags of all sets, and by name and version the indexes of the sets that have it. */
  export function loadPins(): Promise<{ flags: string[]; pins: Record<string, Record<string, number[]>> }>;
}
