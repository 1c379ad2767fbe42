/** The functions and classes of a project that workerd calls: those that its main module has. */
import { handlerParameters, noDefault, noHandler } from '../issues/build.ts';
import { remark } from '../issues/fixes.ts';
import type { Finding } from './finding.ts';
import type { CheckContext } from './locate.ts';
import { absoluteName, firstPart } from './modules.ts';
import type { Definition, FlagState, ScannedFile } from './project.ts';
import type { StandardLibraryFacts } from './standard-library-document.ts';

const BASE = /^(?:cloudflare\.)?workers\.(WorkerEntrypoint|DurableObject|WorkflowEntrypoint)$/;
/** Names of classes of packages that may be entrypoints. */
const LIKE_BASE = /entrypoint|durableobject|workflow/i;
/** The functions that workerd calls without `python_no_global_handlers`. */
const FUNCTION = /^on_(?:alarm|fetch|pubsub|queue|scheduled|trace)$/;
/** A name that is imported through more modules is not followed. */
const LONGEST_WAY = 20;

export interface Placed {
  file: ScannedFile;
  definition: Definition;
}

interface EntryClass extends Placed {
  /** `WorkerEntrypoint`, `DurableObject` or `WorkflowEntrypoint`. */
  base: string;
  methods: readonly Placed[];
  /** Whether it also extends classes that are not of the project, and may have their methods. */
  isMixed: boolean;
}

export type Application = StandardLibraryFacts['applications'][number];

export interface Served extends Pick<Application, 'by'> {
  /** The name that the main module has for it. */
  variable: string;
}

export interface Entries {
  functions: readonly Placed[];
  classes: readonly EntryClass[];
  /** An application of a framework in the main module; null if there is none. */
  application: Served | null;
  /** Whether the main module may have others, from packages or by what it computes. */
  isOpen: boolean;
}

type Modules = Pick<CheckContext, 'files' | 'own'>;

/** Null if the main module is not known, or cannot be read. */
export function entriesOf(
  { main, ...modules }: Modules & Pick<CheckContext, 'main'>,
  applications: readonly Application[],
): Entries | null {
  const file = modules.files.find(({ path }) => path === main);
  if (!file || file.problem !== null || file.broken !== null) return null;
  const functions: Placed[] = [];
  const classes: EntryClass[] = [];
  let application: Entries['application'] = null;
  const { all, isOpen } = namesOf(file, modules);
  let open = isOpen;
  for (const [name, placed] of all) {
    const origin = originOf(placed, modules);
    if (FUNCTION.test(name)) functions.push(typeof origin === 'string' ? placed : origin);
    else if (typeof origin === 'string')
      open ||= name === 'Default' || baseOf(origin, file, modules) === 'unknown';
    else if (origin.definition.is === 'value') {
      open ||= name === 'Default';
      const known = applications.find((known) => origin.definition.of.includes(known.name));
      if (known) application ??= { by: known.by, variable: name };
    } else if (origin.definition.is === 'class') {
      const base = baseOf(origin.definition.name, origin.file, modules);
      if (base === null || base === 'unknown') open ||= base === 'unknown' || isDerived(name, origin);
      else {
        const ancestry = ancestryOf(origin, modules);
        const isMixed = ancestry.some((base) => typeof base === 'string' && !BASE.test(base));
        classes.push({ ...origin, base, methods: methodsOf(origin, modules), isMixed });
      }
    }
  }
  return { functions, classes, application, isOpen: open };
}

const isDerived = (name: string, { definition }: Placed) => name === 'Default' && definition.of.length > 0;

/** The names at the top of a module, with those of `from module import *`. The last definition of a name counts. */
function namesOf(
  file: ScannedFile,
  modules: Modules,
  seen = new Set<ScannedFile>(),
): { all: Map<string, Placed>; isOpen: boolean } {
  seen.add(file);
  const all = new Map<string, Placed>();
  let isOpen = false;
  for (const definition of file.definitions) {
    const { name } = definition;
    if (name !== '*') {
      if (!name.includes('.')) all.set(name, { file, definition });
      continue;
    }
    const other = fileOf(absolute(definition.of[0]!, file).slice(0, -'.*'.length), modules);
    isOpen ||= !other;
    if (!other || seen.has(other)) continue;
    const theirs = namesOf(other, modules, seen);
    for (const [name, placed] of theirs.all) all.set(name, placed);
    isOpen ||= theirs.isOpen;
  }
  return { all, isOpen };
}

/** The definition of what a name was imported as; a dotted name if it is not of the project. */
function originOf(placed: Placed, modules: Modules, way = 0): Placed | string {
  const { file, definition } = placed;
  if (definition.is !== 'import') return placed;
  const dotted = absolute(definition.of[0]!, file);
  const next = way < LONGEST_WAY ? lookUp(dotted, modules) : null;
  return next ? originOf(next, modules, way + 1) : dotted;
}

/** The definition of a dotted name of the project. */
function lookUp(dotted: string, modules: Modules): Placed | null {
  const dot = dotted.lastIndexOf('.');
  const file = fileOf(dotted.slice(0, Math.max(0, dot)), modules);
  const name = dotted.slice(dot + 1);
  const definition = file?.definitions.findLast((known) => known.name === name);
  return file && definition ? { file, definition } : null;
}

function fileOf(module: string, { own, files }: Modules): ScannedFile | undefined {
  const path = own.fileOf(module);
  return path === null ? undefined : files.find((file) => file.path === path);
}

/** Without the dots of a relative import. */
function absolute(dotted: string, { path }: ScannedFile): string {
  const level = /^\.*/.exec(dotted)![0].length;
  const module = dotted.slice(level);
  return level === 0 ? module : (absoluteName(path, module, level) ?? module);
}

/** The meaning of a class's name in a file: see {@link originOf}. */
function classNamed(name: string, file: ScannedFile, modules: Modules): Placed | string {
  const local = file.definitions.findLast((definition) => definition.name === name);
  const placed = local ? { file, definition: local } : lookUp(name, modules);
  return placed ? originOf(placed, modules) : name;
}

/** The class of Workers' SDK that a class is or extends; `unknown` if only its name suggests one, and null for none. */
function baseOf(name: string, file: ScannedFile, modules: Modules): string | null {
  const all = ancestryOf(classNamed(name, file, modules), modules);
  const outside = all.filter((origin) => typeof origin === 'string');
  const known = outside.flatMap((dotted) => BASE.exec(dotted)?.[1] ?? [])[0];
  return known ?? (outside.some((dotted) => LIKE_BASE.test(dotted)) ? 'unknown' : null);
}

/** A class and all that it extends: those of the project, and the dotted names of others. */
function ancestryOf(origin: Placed | string, modules: Modules): (Placed | string)[] {
  const all = [origin];
  const seen = new Set<Definition | string>();
  for (const origin of all) {
    if (typeof origin === 'string' || origin.definition.is !== 'class') continue;
    if (seen.has(origin.definition)) continue;
    seen.add(origin.definition);
    all.push(...origin.definition.of.map((base) => classNamed(base, origin.file, modules)));
  }
  return all;
}

/** The methods of a class, and of the project's classes that it extends. */
function methodsOf(origin: Placed, modules: Modules): Placed[] {
  const classes = ancestryOf(origin, modules).filter((origin) => typeof origin !== 'string');
  return classes.flatMap(({ file, definition: { name } }) =>
    file.definitions
      .filter((definition) => definition.name.startsWith(`${name}.`))
      .map((definition) => ({ file, definition })),
  );
}

export function methodName({ definition: { name } }: Placed): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

export function importsSdk({ imports }: ScannedFile): boolean {
  return imports.some(({ module, level }) => level === 0 && ['workers', 'asgi'].includes(firstPart(module)));
}

const HANDLERS = 'pythonNoGlobalHandlers';

/** Whether workerd calls functions such as `on_fetch`. */
export function callsFunctions(flags: readonly FlagState[]): boolean {
  return flags.some(({ field, on }) => field === HANDLERS && !on);
}

/**
 * Lines that make a main module without handlers answer requests: with its application, if it has one.
 * @param asFunctions whether workerd calls functions, not methods of a class
 */
export function handlerLines(application: Served | null, asFunctions: boolean): string {
  const { by, variable } = application ?? { by: null, variable: '' };
  const names = [
    asFunctions ? '' : 'WorkerEntrypoint',
    by === null ? 'Response' : '',
    by === 'wsgi' ? 'wsgi' : '',
  ];
  const imported = names.filter(Boolean).sort().join(', ');
  const request = asFunctions ? 'request, env' : 'request.js_object, self.env';
  const answer = by === null ? 'Response("Hello world!")' : `await ${by}.fetch(${variable}, ${request})`;
  const handler = asFunctions
    ? ['async def on_fetch(request, env):', `    return ${answer}`]
    : ['class Default(WorkerEntrypoint):', '    async def fetch(self, request):', `        return ${answer}`];
  return [
    ...(by === 'asgi' ? ['import asgi'] : []),
    ...(imported === '' ? [] : [`from workers import ${imported}`]),
    ...handler,
  ].join('\n');
}

/** Handlers that nothing calls, or that cannot be called with what workerd passes. */
export function handlerFindings(project: CheckContext): Finding[] {
  const { facts, target } = project.host;
  const entries = entriesOf(project, facts.applications);
  if (!entries) return [];
  // A built Worker passes its env and ctx, and only as many arguments as a method takes.
  const isBuilt = target.runtime.workerd_bundle === null;
  const misfits = entries.classes.flatMap((entry) =>
    entry.methods.flatMap((method) => misfit(entry, method, isBuilt)),
  );
  return [...(entries.isOpen ? [] : uncalled(project, entries)), ...misfits];
}

/** A finding if no event reaches the main module, or no request from outside. */
function uncalled(project: CheckContext, { application, classes, functions }: Entries): Finding[] {
  if (functions.length > 0) return [];
  const byDefault = classes.find(({ definition }) => definition.name === 'Default');
  if (classes.some((entry) => entry !== byDefault || entry.methods.length > 0)) {
    const served = classes.find(handlesRequests);
    return byDefault || !served ? [] : [at(served, 'warning', noDefault({ name: served.definition.name }))];
  }
  const file = project.main!;
  const lines = handlerLines(application, callsFunctions(project.flags));
  const { code, message, fixes } = noHandler({ file, application: application?.variable ?? null, lines });
  return [{ ...remark('error', code, message, fixes), path: file, line: 1, column: 1 }];
}

function handlesRequests({ base, methods }: EntryClass): boolean {
  const names = methods.map(methodName);
  return base === 'WorkerEntrypoint' && (names.includes('fetch') || names.includes('on_fetch'));
}

/**
 * The parameters with which workerd calls methods of a class, after `self`: `env` and `ctx` are None. It passes all of them,
 * except to `fetch`, which gets as many as it takes. (workerd 6552d999: `makeEntrypointProxyHandler`, and `env` in
 * `tryGetEntrypoint`.)
 */
const PARAMETERS = new Map([
  ['fetch', ['request', 'env', 'ctx']],
  ['queue', ['batch', 'env', 'ctx']],
  ['scheduled', ['controller', 'env', 'ctx']],
]);

/** A method that cannot be called with what it gets, or whose `env` is not there. */
function misfit({ base }: EntryClass, method: Placed, isBuilt: boolean): Finding[] {
  const { name: full, of: taken } = method.definition;
  const name = methodName(method);
  if (taken.includes('*')) return [];
  if (name === '__init__') {
    if (taken.length > 2) return [];
    return [at(method, 'error', handlerParameters({ problem: 'of_instance', method: full }))];
  }
  const parameters = PARAMETERS.get(name);
  if (isBuilt || base !== 'WorkerEntrypoint' || parameters === undefined) return [];
  if (name === 'fetch') {
    if (taken[2] !== 'env') return [];
    return [at(method, 'warning', handlerParameters({ problem: 'no_env', method: full }))];
  }
  if (taken.length > parameters.length) return [];
  const call = `${name}(self, ${parameters.join(', ')})`;
  return [at(method, 'error', handlerParameters({ problem: 'of_event', method: full, call }))];
}

function at(
  { file: { path }, definition: { line, column } }: Placed,
  severity: Finding['severity'],
  { code, message, fixes }: ReturnType<typeof noDefault | typeof handlerParameters>,
): Finding {
  return { ...remark(severity, code, message, fixes), path, line, column };
}
