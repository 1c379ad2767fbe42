/** Which files of a project a Worker reaches, and what it imports at its start. */
import type { CheckContext, Located, LocatedImports } from './locate.ts';
import type { ModuleTree } from './module-tree.ts';

/** The content of a memory snapshot, which is taken after the Worker's start. */
export interface Snapshot {
  /** The path of the main module; null if it is not known, and every file counts as started. */
  entry: string | null;
  /** Dotted names of what is imported from outside of the project, sorted. */
  modules: string[];
}

/** The files that the main module reaches by any import; all files if it is unknown. */
export function reachedFiles(project: CheckContext, located: LocatedImports): ReadonlySet<string> {
  return walk(project, located, () => true);
}

export function snapshotOf(project: CheckContext, located: LocatedImports): Snapshot {
  const isStart = (one: Located) => one.import.when === 'always' || one.import.when === 'conditional';
  const modules = new Set<string>();
  for (const path of walk(project, located, isStart)) {
    for (const one of located.get(path) ?? []) {
      if (isStart(one) && isOutside(one)) modules.add(one.module);
    }
  }
  return { entry: project.main, modules: [...modules].sort() };
}

function isOutside({ origin }: Located): boolean {
  return origin.from !== 'project' && origin.from !== 'nowhere';
}

function walk(
  { main, files, own }: CheckContext,
  located: LocatedImports,
  isFollowed: (one: Located) => boolean,
): Set<string> {
  const reached = new Set(main === null ? files.map(({ path }) => path) : [main]);
  // A set that grows is walked to its end.
  for (const path of reached) {
    for (const one of located.get(path) ?? []) {
      if (one.origin.from !== 'project' || !isFollowed(one)) continue;
      for (const file of filesRun(one, one.origin.module, own)) reached.add(file);
    }
  }
  return reached;
}

/** `import a.b.c` runs all three; `from a import b` runs both where `b` is a module. */
function filesRun({ import: { names } }: Located, module: string, own: ModuleTree): string[] {
  const modules: string[] = [];
  for (let dot = module.indexOf('.'); dot > 0; dot = module.indexOf('.', dot + 1)) {
    modules.push(module.slice(0, dot));
  }
  modules.push(module, ...(names ?? []).map((name) => (module === '' ? name : `${module}.${name}`)));
  return modules.flatMap((one) => own.fileOf(one) ?? []);
}
