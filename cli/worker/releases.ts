/**
 * The Pyodide releases that the build knows, how each has to be handled, and what a Worker needs of its Emscripten glue:
 * an export, and two hooks for snapshots.
 */
import { unknownGlue } from '../../resolver/issues/build.ts';
import { unanswered } from '../common/failure.ts';

export interface PyodideRelease {
  /** The integrity that the registry of npm states. */
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

type Patch = readonly [found: string, put: string];

const LOAD = 'function loadDynamicLibrary(libName,flags={global:true,nodelete:true},localScope,handle){';
const MEMORY = 'alignMemory(getMemory(metadata.memorySize+memAlign),memAlign)';

/** Every release so far has each of these once. */
const HOOKS: readonly Patch[] = [
  [LOAD, `${LOAD}Module.loadHook?.(libName,flags);`],
  [
    MEMORY,
    'alignMemory(Module.memoryHook' +
      '?Module.memoryHook(libName,metadata.memorySize+memAlign,getMemory)' +
      ':getMemory(metadata.memorySize+memAlign),memAlign)',
  ],
];

/** For later releases: they do not take Node for Node if it claims to be a browser's renderer. */
const NODE_ASKED: Patch = [
  'typeof process.versions.node=="string";var ENVIRONMENT_IS_SHELL',
  'typeof process.versions.node=="string"&&process.type!="renderer";var ENVIRONMENT_IS_SHELL',
];

const PATCHES: Record<PyodideRelease['glue'], readonly Patch[]> = {
  'pyodide.asm.js': [
    ...HOOKS,
    ['globalThis._createPyodideModule = _createPyodideModule;', 'export default _createPyodideModule;'],
  ],
  'pyodide.asm.mjs': HOOKS,
};

/** Throws if the glue does not match what is known of its release. */
export function patchGlue(version: string, glue: PyodideRelease['glue'], text: string): string {
  const patches = version.startsWith('0.27.') ? [NODE_ASKED, ...PATCHES[glue]] : PATCHES[glue];
  return patches.reduce((patched, [found, put]) => {
    const [before, after, ...more] = patched.split(found);
    if (after === undefined || more.length > 0) {
      throw unanswered([unknownGlue({ pyodide: version, text: found })]);
    }
    return `${before}${put}${after}`;
  }, text);
}
