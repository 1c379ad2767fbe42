/** The Pyodide releases that a Worker can include, and how each has to be handled. */

export interface PyodideRelease {
  /** Of npm's `pyodide`, as its registry states it. */
  integrity: string;
  /** How its glue is written: as a script that leaves a global, or as a module. */
  glue: 'pyodide.asm.js' | 'pyodide.asm.mjs';
  /** Whether its memory can be saved: every JavaScript object that it refers to has to have a name. */
  snapshots: boolean;
}

const SCRIPT = { glue: 'pyodide.asm.js', snapshots: true } as const;
const MODULE = { glue: 'pyodide.asm.mjs', snapshots: true } as const;

export const RELEASES: Readonly<Record<string, PyodideRelease>> = {
  '0.27.7': {
    ...SCRIPT,
    snapshots: false,
    integrity:
      'sha512-RUSVJlhQdfWfgO9hVHCiXoG+nVZQRS5D9FzgpLJ/VcgGBLSAKoPL8kTiOikxbHQm1kRISeWUBdulEgO26qpSRA==',
  },
  '0.28.2': {
    ...SCRIPT,
    integrity:
      'sha512-2BrZHrALvhYZfIuTGDHOvyiirHNLziHfBiBb1tpBFzLgAvDBb2ACxNPFFROCOzLnqapORmgArDYY8mJmMWH1Eg==',
  },
  '0.28.3': {
    ...SCRIPT,
    integrity:
      'sha512-rtCsyTU55oNGpLzSVuAd55ZvruJDEX8o6keSdWKN9jPeBVSNlynaKFG7eRqkiIgU7i2M6HEgYtm0atCEQX3u4A==',
  },
  '0.29.5': {
    ...SCRIPT,
    integrity:
      'sha512-TkYrUv9m8QmfImADKRmpwZulL48E0uUaBSO+dvRQKyAJc0qh9gu7jn8btyHPh3NZm1r2IH2YrJhIr7Q2B9urAw==',
  },
  '314.0.6': {
    ...MODULE,
    integrity:
      'sha512-BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ==',
  },
  '314.0.7': {
    ...MODULE,
    integrity:
      'sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==',
  },
};
