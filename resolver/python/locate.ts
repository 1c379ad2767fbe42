/** Finds imported modules as Python would. */
import { canonicalName } from '../requirements/name.ts';
import { fileOn } from './branches.ts';
import { absoluteName, firstPart, ModuleTree, type Package, parentsOf } from './modules.ts';
import type { Host, Import, Project, ScannedFile } from './project.ts';
import type { ModuleStatus } from './standard-library.ts';

/** A project on its host, without the branches that do not run there. */
export interface CheckContext extends Project {
  host: Host;
  own: ModuleTree;
  bundled: ModuleTree;
}

export function checkContextOf(project: Project, host: Host): CheckContext {
  return {
    ...project,
    host,
    files: project.files.map((file) => fileOn(file, host)),
    own: new ModuleTree(project.paths),
    bundled: new ModuleTree(project.vendored),
  };
}

export type Origin =
  | { from: 'project'; module: string }
  | { from: 'vendored' }
  | { from: 'standard_library' }
  /** Pyodide, workerd or the SDK. */
  | { from: 'runtime'; by: string }
  | { from: 'package'; packages: readonly Package[] }
  /** A requirement that the package set does not have. */
  | { from: 'requirement'; name: string }
  | { from: 'nowhere'; why: Why };

export type Why =
  | { is: 'unknown' }
  | Exclude<ModuleStatus, { is: 'here' }>
  /** A module of the project has nothing of that name below it; `isWhole`: and no other folder can add it. */
  | { is: 'not_in_project'; isWhole: boolean }
  | { is: 'outside_of_packages' }
  | { is: 'root_named'; root: string }
  | { is: 'unvendored_sdk' };

/** One import and its module. An `import` of several modules becomes several of these. */
export interface Located {
  import: Import;
  /** Dotted and absolute. */
  module: string;
  origin: Origin;
}

/** Imports by the path of their file, in its order. */
export type LocatedImports = ReadonlyMap<string, readonly Located[]>;

/** A project on its host, whose imports have been located. */
export interface LocatedProject extends CheckContext {
  located: LocatedImports;
  /** The files that the main module reaches by any import that runs; all files if it is unknown. */
  reached: ReadonlySet<string>;
}

export function locateAll(project: Project, host: Host): LocatedProject {
  const context = checkContextOf(project, host);
  const located = new Map(
    context.files.map((file) => [
      file.path,
      file.imports.flatMap((statement) => locate(statement, file, context)),
    ]),
  );
  const reached = walk({ ...context, located }, ({ import: { when } }) => when !== 'typing');
  return { ...context, located, reached };
}

/** Looks in the order of `sys.path` in workerd: the standard library, the project, vendored files, packages. */
function locate(statement: Import, file: ScannedFile, project: CheckContext): Located[] {
  const at = (module: string, origin: Origin): Located => ({ import: statement, module, origin });
  if (statement.level > 0) {
    const module = absoluteName(file.path, statement.module, statement.level);
    if (module === null) return [at(statement.module, nowhere({ is: 'outside_of_packages' }))];
    return [at(module, inProject(module, project))];
  }

  const { module, names } = statement;
  const { host } = project;
  const first = firstPart(module);
  const status = host.library.status(module);
  if (status?.is === 'here' || (status && host.library.modules.has(first))) {
    const failing = names?.flatMap((name) => memberFailure(module, name, host)) ?? [];
    if (status.is !== 'here') return [at(module, nowhere(status))];
    if (failing.length === 0) return [at(module, { from: 'standard_library' })];
    return failing.map(([name, why]) => at(name, nowhere(why)));
  }
  const provider = providerOf(module, names, project);
  if (provider) return [at(module, provider)];
  if (project.own.has(first)) return [at(module, inProject(module, project))];
  if (project.bundled.has(first)) return [at(module, { from: 'vendored' })];

  // `from arro3 import core` names a package of a namespace.
  const targets =
    names && host.packages.isNamespace(module) ? names.map((name) => `${module}.${name}`) : [module];
  return targets.map((target) => at(target, originBeyond(target, status, project)));
}

const nowhere = (why: Why): Origin => ({ from: 'nowhere', why });

function inProject(module: string, { own }: CheckContext): Origin {
  if (module === '' || own.has(module)) return { from: 'project', module };
  return nowhere({ is: 'not_in_project', isWhole: own.isInPackage(module) });
}

function originBeyond(module: string, status: ModuleStatus | null, project: CheckContext): Origin {
  const packages = project.host.packages.having(module);
  if (packages.length > 0) return { from: 'package', packages };
  if (status && status.is !== 'here') return nowhere(status);
  const name = requirementFor(module, project);
  if (name !== null) return { from: 'requirement', name };
  const { root } = project;
  return nowhere(firstPart(module) === root ? { is: 'root_named', root } : { is: 'unknown' });
}

function memberFailure(module: string, name: string, { library }: Host): [string, Why][] {
  const status = library.statusOfMember(module, name);
  return status && status.is !== 'here' ? [[`${module}.${name}`, status]] : [];
}

function providerOf(module: string, names: readonly string[] | null, project: CheckContext): Origin | null {
  const { facts, target } = project.host;
  const first = firstPart(module);
  const provided = facts.provided.find(({ modules }) => modules.includes(first));
  if (provided) return { from: 'runtime', by: provided.by };
  const { old, modules } = facts.sdk;
  const isOld =
    old.pyodides.includes(target.runtime.pyodide) &&
    (module.startsWith(old.module) || names?.some((name) => `${module}.${name}` === old.module));
  const isBuilt = first === 'wsgi' && target.runtime.workerd_bundle === null;
  if (!modules.includes(first) && !isOld && !isBuilt) return null;
  if (project.own.has(first) || project.bundled.has(first)) return null;
  if (isBuilt) return { from: 'runtime', by: 'pinwheel build' };
  return project.sdk === 'missing'
    ? nowhere({ is: 'unvendored_sdk' })
    : { from: 'runtime', by: "Workers' SDK" };
}

/** A requirement outside of the set that probably provides a module: `dotenv` comes with `python-dotenv`. */
function requirementFor(module: string, project: CheckContext): string | null {
  const requirements = project.requirements.filter(
    (requirement) => project.host.packages.named(requirement.name) === null,
  );
  const name = canonicalName(firstPart(module));
  const exact = requirements.find((requirement) => requirement.name === name);
  const similar = requirements.find((requirement) => `-${requirement.name}-`.includes(`-${name}-`));
  return (exact ?? similar)?.name ?? null;
}

/** The content of a memory snapshot, which is taken after the Worker's start. */
export interface Snapshot {
  /** The path of the main module; null if it is not known, and every file counts as started. */
  entry: string | null;
  /** Dotted names of what is imported from outside of the project, sorted. */
  modules: string[];
}

export function snapshotOf(project: LocatedProject): Snapshot {
  const isStart = (located: Located) =>
    located.import.when === 'always' || located.import.when === 'conditional';
  const modules = new Set<string>();
  for (const path of walk(project, isStart)) {
    for (const use of project.located.get(path) ?? []) {
      const { from } = use.origin;
      if (isStart(use) && from !== 'project' && from !== 'nowhere') modules.add(use.module);
    }
  }
  return { entry: project.main, modules: [...modules].sort() };
}

function walk(
  { main, files, own, located }: Omit<LocatedProject, 'reached'>,
  isFollowed: (use: Located) => boolean,
): Set<string> {
  const reached = new Set(main === null ? files.map(({ path }) => path) : [main]);
  // A set that grows is walked to its end.
  for (const path of reached) {
    for (const use of located.get(path) ?? []) {
      if (use.origin.from !== 'project' || !isFollowed(use)) continue;
      for (const file of filesRun(use, use.origin.module, own)) reached.add(file);
    }
  }
  return reached;
}

/** `import a.b.c` runs all three; `from a import b` runs both where `b` is a module. */
function filesRun({ import: { names } }: Located, module: string, own: ModuleTree): string[] {
  const members = (names ?? []).map((name) => (module === '' ? name : `${module}.${name}`));
  return [...parentsOf(module), module, ...members].flatMap((module) => own.fileOf(module) ?? []);
}
