/** Explains imports that fail. */
import type { Diagnostic } from '../answer.ts';
import type { Fix } from '../issues/fix.ts';
import { fixed, type SaidFixes } from '../issues/fixes.ts';
import { remembered } from '../remembered.ts';
import { canonicalName } from '../requirements/name.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { type Finding, severityOfFailure } from './finding.ts';
import type { CheckContext, Located, LocatedProject, Why } from './locate.ts';
import { firstPart } from './modules.ts';

/** A hint about a module that this package set does not provide. */
export interface Hint {
  /** Packages that provide it in other sets. */
  packages: readonly string[];
  /** How one of them is available. */
  fixes: Fix[];
}

/** Hints about modules, by the first part of their name. */
export type Hints = ReadonlyMap<string, Hint>;

type Words = Omit<Diagnostic, 'severity'>;

function words(code: string, message: string, fixes: SaidFixes = null): Words {
  return { code, message, ...fixed(fixes) };
}

/** The modules that an explanation needs hints for. */
export function modulesToLookUp(located: Iterable<Located>): string[] {
  const modules = new Set<string>();
  for (const { module, origin, import: statement } of located) {
    if (origin.from === 'nowhere' && origin.why.is === 'unknown' && statement.when !== 'typing') {
      modules.add(firstPart(module));
    }
  }
  return [...modules];
}

/** The finding at an import that fails; null for one that does not, or that only type checkers see. */
export function findingOfFailure(
  located: Located,
  path: string,
  project: LocatedProject,
  hints: Hints,
): Finding | null {
  const { origin, import: statement } = located;
  const severity = severityOfFailure(statement, project.reached.has(path));
  if (severity === null || origin.from !== 'nowhere') return null;
  const { line, column } = statement;
  return { severity, ...explainFailure(located, origin.why, project, hints), path, line, column };
}

function explainFailure(
  { module, import: { names } }: Located,
  why: Why,
  project: CheckContext,
  hints: Hints,
): Words {
  const { host } = project;
  const { pyodide, python } = host.target.runtime;
  switch (why.is) {
    case 'unknown':
      return explainUnknown(module, project, hints.get(firstPart(module)));
    case 'failing':
      return words('unavailable_module', `${module} cannot be imported in Pyodide ${pyodide}: ${why.error}.`);
    case 'absent':
      return words(
        'missing_submodule',
        `${why.package} has no module "${module}" in Python ${host.library.python}.`,
        didYouMean(nearest(module, host.library.modules)),
      );
    case 'removed':
      return words(
        'removed_module',
        `${module} left the standard library after Python ${why.python}, but this runtime has Python ${python}.`,
      );
    case 'newer':
      return words(
        'newer_module',
        `${module} is in the standard library from Python ${why.python} on, but this runtime has Python ${python}.`,
        `Choose a compatibility date or flags whose runtime has Python ${why.python}.`,
      );
    case 'renamed':
      return words('renamed_module', `${module} is a name of Python 2.`, `Python 3 calls it ${why.to}.`);
    case 'not_in_project':
      return words(
        why.isWhole ? 'missing_submodule' : 'missing_module',
        `The project has no module "${module}".`,
        didYouMean(nearProjectModules(module, project)),
      );
    case 'outside_of_packages':
      return words(
        'relative_import',
        'This relative import goes beyond the top-level package.',
        `Write ${module === '' ? `import ${names?.join(', ')}` : module} without the dots.`,
      );
    case 'root_named':
      return words(
        'missing_module',
        `Modules are imported from the folder ${why.root}, so none is called "${module}".`,
        `Leave out "${why.root}.".`,
      );
    case 'unvendored_sdk':
      return words(
        'unvendored_sdk',
        `This runtime provides no module "${module}": ${host.facts.sdk.flag} is on.`,
        `Vendor ${host.facts.sdk.packages.at(-1)} with the Worker, as pywrangler does, or name ${host.facts.sdk.disable}.`,
      );
  }
}

function explainUnknown(module: string, project: CheckContext, hint: Hint | undefined): Words {
  const { host } = project;
  const set = host.target.package_set.flag;
  const { namespaces = [] } = host.facts;
  const isOfNamespace = namespaces.some(({ namespace }) => namespace === firstPart(module));
  const first = isOfNamespace ? module : firstPart(module);
  const namesake = host.packages.named(canonicalName(first));
  if (namesake && namesake.imports.length > 0) {
    const imports = namesake.imports.filter((name) => !name.startsWith('_')).join(' or ');
    return words(
      'missing_module',
      `There is no module "${first}": the package ${namesake.name} is imported as ${imports}.`,
      `Import ${imports}.`,
    );
  }
  if (!isOfNamespace && hint && hint.packages.length > 0) {
    return words(
      'missing_package',
      hint.packages.includes(first)
        ? `The package set ${set} has no package ${first}.`
        : `${first} comes with ${hint.packages.join(' or ')}, which the package set ${set} does not have.`,
      hint.fixes,
    );
  }
  return words(
    'missing_module',
    `Neither the project nor Python ${host.library.python} nor the package set ${set} has a module "${first}".`,
    didYouMean(nearModules(first, project)) ??
      'If it comes from a pure-Python package, vendor that package with the Worker.',
  );
}

/** The most similar names of `listOf`, cached, because a missing module is often imported in many files. */
function nearestOf(listOf: (project: CheckContext) => Iterable<string>) {
  const memoryOf = remembered((project: CheckContext) => {
    return { candidates: [...listOf(project)], near: new Map<string, string[]>() };
  });
  return (name: string, project: CheckContext): string[] => {
    const memory = memoryOf(project);
    const near = memory.near.get(name) ?? nearest(name, memory.candidates);
    memory.near.set(name, near);
    return near;
  };
}

/** Similar names of top-level modules. */
const nearModules = nearestOf(({ own, host: { packages, library } }) => [
  ...packages.top(),
  ...own.top(),
  ...library.topLevel(),
]);

const nearProjectModules = nearestOf(({ own }) => own.names());
