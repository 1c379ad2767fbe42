/** Patches the Emscripten glue of a Pyodide: a Worker needs an export, and two hooks for snapshots. */
import { unknownGlue } from '../../resolver/issues/build.ts';
import { unanswered } from '../common/failure.ts';
import type { PyodideRelease } from './releases.ts';

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
