/** The modules that `scripts/bundled-data.ts` makes of `data/` when the package is built. */
declare module 'bundled:data' {
  export function loadCatalog(): Promise<import('../catalog.ts').Catalog>;
  export function loadSet(flag: string): Promise<import('../catalog.ts').PackageSet>;
  export function loadStandardLibrary(): Promise<import('../pinwheel/source.ts').StandardLibraryDocuments>;
  /** By canonical name: the package flag and the version of each set that has it. */
  export function loadPins(): Promise<Record<string, [flag: string, version: string][]>>;
}
