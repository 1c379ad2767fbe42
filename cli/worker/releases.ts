/**
 * The Pyodide releases that the build knows, how each has to be handled, and what a Worker needs of its Emscripten glue:
 * an export, two hooks for snapshots, one for promises, and a stack that neither leaks nor is read once it is gone.
 */
import { readPackageJson } from '../common/package-root.ts';
import { type Patch, patchOnce } from './glue.ts';

export interface PyodideRelease {
  /** The integrity that the registry of npm states. */
  integrity: string;
  /** The file of the glue: a script that leaves a global, or a module. */
  glue: 'pyodide.asm.js' | 'pyodide.asm.mjs';
  /** Why its memory cannot be saved; null if it can. */
  no_snapshot: string | null;
}

export const RELEASES = readPackageJson('data/pyodide-builds.json') as Readonly<
  Record<string, PyodideRelease>
>;

const LOAD = 'function loadDynamicLibrary(libName,flags={global:true,nodelete:true},localScope,handle){';
const MEMORY = 'alignMemory(getMemory(metadata.memorySize+memAlign),memAlign)';

/** So that an event can release the handlers of promises that are never settled (`runtime/worker/event.ts`). */
const PROMISE: Patch = [
  'return[onFulfilled,onRejected]',
  'const handlers=[onFulfilled,onRejected];return Module.promiseHook?.(handle_result,handlers)??handlers',
];

/** Every release so far has each of these once. */
const HOOKS: readonly Patch[] = [
  [LOAD, `${LOAD}Module.loadHook?.(libName,flags);`],
  [
    MEMORY,
    'alignMemory(Module.memoryHook' +
      '?Module.memoryHook(libName,metadata.memorySize+memAlign,getMemory)' +
      ':getMemory(metadata.memorySize+memAlign),memAlign)',
  ],
  PROMISE,
];

/** Releases before 0.28 look for libraries in no file system, but for those that `loadPackage` loads. */
const LIBRARY: Patch = [
  'function loadLibData(){var libData;',
  'function loadLibData(){var libData=Module.libraryHook?.(libName,flags);',
];

/**
 * 0.28 and 0.29 put every function that Pyodide exports into the table of functions, and make a global for each name.
 * With this, as in 314, only names that a library imports have one: the glue looks them up when it has loaded that.
 */
const ASKED: Patch = [
  'GOT[symName]||=new WebAssembly.Global({value:"i32",mutable:true});if(replace',
  'if(!GOT[symName]&&!runtimeInitialized)continue;' +
    'GOT[symName]||=new WebAssembly.Global({value:"i32",mutable:true});if(replace',
];

/**
 * Releases before 314 take four bytes of the stack for each call that may wait, and never give them back, so that
 * Python ends after some 60,000 requests (pyodide/pyodide#6249). As in 314, the heap has them.
 */
const STACK: readonly Patch[] = [
  ['let l=stackSave(),c=stackAlloc(4),u;try{', 'let c=_malloc(4),u;try{'],
  [
    /\{_PyErr_SetRaisedException\(HEAPU32\[c\/4(?:>>>0)?\]\);try\{_pythonexc2js\(\)\}finally\{stackRestore\(l\)\}\}/,
    '{_PyErr_SetRaisedException(HEAPU32[c>>>2]);_free(c);_pythonexc2js()}else _free(c);',
  ],
];

/**
 * Releases before 314 leave a call that waits on the stack, and begin the next one below it, by which the stack loses
 * some 1,100 bytes for each call that overlaps another (pyodide/pyodide#6260). Here, it is copied, and leaves the stack.
 */
const WAITING: readonly Patch[] = [
  ['if(this.start!==this.stop){stackStates.push(this)}', 'this._save();'],
  ['async function inner(x,y){try{', 'async function inner(x,y){stackRestore(Module.stackStop);try{'],
];

/** A patch of later releases, which do not take Node for Node if it claims to be a browser's renderer. */
const NODE_ASKED: Patch = [
  'typeof process.versions.node=="string";var ENVIRONMENT_IS_SHELL',
  'typeof process.versions.node=="string"&&process.type!="renderer";var ENVIRONMENT_IS_SHELL',
];

/** Whether Python can wait for JavaScript outside of coroutines, by `run_sync`. */
export function switchesStacks(version: string): boolean {
  return !/^0\.26\.[0-3]$/.test(version);
}

/** Releases before 0.26.4 switch stacks by an API that V8 no longer has, so Python is called plainly, and may return at once. */
const CALL: Patch = [
  /(?<=callPromising\(\.\.\.e\)\{return )\w+\(\w+\(this\),e,\{\}\)/,
  'new Promise(t=>t(this(...e)))',
];
/** 0.26.3 takes the API of today for usable, and ends with a fatal error. */
const NO_SUSPENDING: Patch = ['canConstructWasm&&"Suspending"in WebAssembly', 'false'];

/**
 * From 314 on, a call that may wait begins after a message, when the frames below it have left the stack
 * (pyodide/pyodide#6250). They have left it in the next microtask, too: workerd delivers messages in microtasks. So the
 * event knows one microtask after a call what that has scheduled (`runtime/worker/event.ts`).
 */
const BEGIN: Patch = [/await new Promise\(\w=>API\.scheduleCallback\(\w,0\)\)/, 'await null'];

/** The current frame of a thread, which Python 3.14 has at this offset. */
const FRAME = 'HEAPU32[state.threadState+52>>>2]';

/**
 * Python 3.14 looks for garbage from the frames of every thread on. Those of a call that waits lead to its stack, which
 * another call has meanwhile, so that Python ends by a fatal error (pyodide/pyodide#6464). Python finds the same garbage
 * without these frames, so the thread of a call has none while it waits (as in pyodide/pyodide#6466).
 */
const FRAMES: readonly Patch[] = [
  [
    'return{threadState,stackState,suspender:suspenderGlobal.value}',
    `const state={threadState,stackState,suspender:suspenderGlobal.value};state.frame=${FRAME};${FRAME}=0;return state`,
  ],
  [
    '_restoreThreadState(state.threadState);',
    `_restoreThreadState(state.threadState);${FRAME}||=state.frame;`,
  ],
];

const PATCHES: Record<PyodideRelease['glue'], readonly Patch[]> = {
  'pyodide.asm.js': [
    ...HOOKS,
    ...STACK,
    ['globalThis._createPyodideModule = _createPyodideModule;', 'export default _createPyodideModule;'],
  ],
  'pyodide.asm.mjs': HOOKS,
};

/** Throws if the glue does not match what is known of its release. */
export function patchGlue(version: string, glue: PyodideRelease['glue'], text: string): string {
  const patches = [
    ...PATCHES[glue],
    ...(/^0\.2[67]\./.test(version) ? [NODE_ASKED, LIBRARY] : []),
    ...(/^0\.2[89]\./.test(version) ? [ASKED] : []),
    ...(switchesStacks(version) ? [] : [CALL]),
    ...(switchesStacks(version) && glue === 'pyodide.asm.js' ? WAITING : []),
    ...(version === '0.26.3' ? [NO_SUSPENDING] : []),
    ...(version.startsWith('0.') ? [] : [BEGIN, ...FRAMES]),
  ];
  return patches.reduce((patched, patch) => patchOnce(version, patched, patch), text);
}
