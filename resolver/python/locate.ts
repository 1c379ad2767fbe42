/** Finds imported modules as Python would. */
import { canonicalName } from '../requirements/name.ts';
import type { Import } from './import.ts';
import { absoluteName, ModuleTree } from './module-tree.ts';
import type { Package } from './packages.ts';
import type { Host, Project, ScannedFile } from './project.ts';
import type { ModuleStatus } from './standard-library.ts';

/** A project with its modules. */
export interface CheckContext extends Project {
  own: ModuleTree;
  bundled: ModuleTree;
}

export function checkContextOf(project: Project): CheckContext {
  return { ...project, own: new ModuleTree(project.paths), bundled: new ModuleTree(project.vendored) };
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

/** Why an import fails. */
export type Why =
  | { is: 'unknown' }
  | Exclude<ModuleStatus, { is: 'here' }>
  /** A module of the project has nothing of that name below it. */
  | { is: 'not_in_project'; package: string | null }
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

/** By the path of the file, in its order. */
export type LocatedImports = ReadonlyMap<string, readonly Located[]>;

/** Every import of a project. */
export function locateAll(project: CheckContext, host: Host): LocatedImports {
  return new Map(
    project.files.map((file) => [
      file.path,
      file.imports.flatMap((found) => locate(found, file, project, host)),
    ]),
  );
}

/** In the order of `sys.path` in workerd: the standard library, the project, what is vendored, packages. */
function locate(found: Import, file: ScannedFile, project: CheckContext, host: Host): Located[] {
  const at = (module: string, origin: Origin): Located => ({ import: found, module, origin });
  if (found.level > 0) {
    const module = absoluteName(file.path, found.module, found.level);
    if (module === null) return [at(found.module, { from: 'nowhere', why: { is: 'outside_of_packages' } })];
    const packageName = module.includes('.') ? module.slice(0, module.lastIndexOf('.')) : null;
    const origin: Origin =
      module === '' || project.own.has(module)
        ? { from: 'project', module }
        : { from: 'nowhere', why: { is: 'not_in_project', package: packageName } };
    return [at(module, origin)];
  }

  const { module, names } = found;
  const first = firstPart(module);
  const status = host.library.status(module);
  if (status?.is === 'here' || (status && host.library.modules.has(first))) {
    const failing = names?.flatMap((name) => memberFailure(module, name, host)) ?? [];
    if (status.is !== 'here') return [at(module, { from: 'nowhere', why: status })];
    const whole = at(module, { from: 'standard_library' });
    return failing.length > 0 ? failing.map(([name, why]) => at(name, { from: 'nowhere', why })) : [whole];
  }
  const provider = providerOf(module, names, project, host);
  if (provider) return [at(module, provider)];
  if (project.own.has(first)) {
    const origin: Origin = project.own.has(module)
      ? { from: 'project', module }
      : { from: 'nowhere', why: { is: 'not_in_project', package: module.slice(0, module.lastIndexOf('.')) } };
    return [at(module, origin)];
  }
  if (project.bundled.has(first)) return [at(module, { from: 'vendored' })];

  // `from arro3 import core` names a package of a namespace.
  const targets =
    names && host.packages.isNamespace(module) ? names.map((name) => `${module}.${name}`) : [module];
  return targets.map((target) => at(target, originBeyond(target, status, project, host)));
}

function originBeyond(
  module: string,
  status: ModuleStatus | null,
  project: CheckContext,
  host: Host,
): Origin {
  const packages = host.packages.having(module);
  if (packages.length > 0) return { from: 'package', packages };
  if (status && status.is !== 'here') return { from: 'nowhere', why: status };
  const name = requirementFor(module, project, host);
  if (name !== null) return { from: 'requirement', name };
  if (firstPart(module) === project.root) {
    return { from: 'nowhere', why: { is: 'root_named', root: project.root } };
  }
  return { from: 'nowhere', why: { is: 'unknown' } };
}

/** The names that a module of the standard library does not have. */
function memberFailure(module: string, name: string, { library }: Host): [string, Why][] {
  const status = library.statusOfMember(module, name);
  return status && status.is !== 'here' ? [[`${module}.${name}`, status]] : [];
}

function providerOf(
  module: string,
  names: readonly string[] | null,
  project: CheckContext,
  { facts, target }: Host,
): Origin | null {
  const first = firstPart(module);
  const provided = facts.provided.find(({ modules }) => modules.includes(first));
  if (provided) return { from: 'runtime', by: provided.by };
  const { old, modules } = facts.sdk;
  const isOld =
    old.pyodides.includes(target.runtime.pyodide) &&
    (module.startsWith(old.module) || names?.some((name) => `${module}.${name}` === old.module));
  if (!modules.includes(first) && !isOld) return null;
  if (project.own.has(first) || project.bundled.has(first)) return null;
  return project.sdk === 'missing'
    ? { from: 'nowhere', why: { is: 'unvendored_sdk' } }
    : { from: 'runtime', by: "Workers' SDK" };
}

/** A requirement outside of the set that probably provides a module: `dotenv` comes with `python-dotenv`. */
function requirementFor(module: string, project: CheckContext, { packages }: Host): string | null {
  const requirements = project.requirements.filter((one) => packages.named(one.name) === null);
  const name = canonicalName(firstPart(module));
  const exact = requirements.find((requirement) => requirement.name === name);
  const similar = requirements.find((requirement) => `-${requirement.name}-`.includes(`-${name}-`));
  return (exact ?? similar)?.name ?? null;
}

export function firstPart(module: string): string {
  return module.split('.', 1)[0]!;
}
