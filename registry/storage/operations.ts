/** How often this isolate has gone to storage, by what for. Counted where it happens: in this folder. */
export const operations = {
  /** Questions and writes to D1, batches counted once; but for looks at the newest revision. */
  d1: 0,
  r2: 0,
  revision_checks: 0,
};
