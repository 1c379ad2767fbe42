import type { Diagnostic, Target } from '../answer.ts';
import type { PackageSet } from '../catalog.ts';
import { selectRoots } from '../closure/closure.ts';
import { type PreparedSet, prepareSet, totalsOf, walk } from '../closure/prepare.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { enabledFields, isPythonFlag } from '../compatibility/workerd.ts';
import { placesOf } from '../issue.ts';
import { markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { SETTINGS } from './environment.ts';
import { firstPart, PackageIndex } from './modules.ts';
import type { FlagState, Host } from './project.ts';
import { StandardLibraryView } from './standard-library.ts';
import type { StandardLibrary, StandardLibraryFacts } from './standard-library-document.ts';

/** The documents that make a host: an answer's target, its package set, and those of `data/standard-library/`. */
export interface HostSource {
  target: Target;
  set: Pick<PackageSet, 'flag' | 'packages'>;
  requirements: readonly Requirement[];
  facts: StandardLibraryFacts;
  measured: StandardLibrary;
}

/**
 * Makes the host that a project runs on: its target, the closure of its requirements, and the measured standard
 * library. Requirements that the set cannot satisfy are left out, and returned, as are remarks on extras, which sets do not
 * record.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_08_08.json' with { type: 'json' };
 * import facts from 'pinwheel-py/data/standard-library/facts.json' with { type: 'json' };
 * import measured from 'pinwheel-py/data/standard-library/measured.json' with { type: 'json' };
 * import { createResolver } from 'pinwheel-py/bundled';
 * import { createHost, type HostSource } from 'pinwheel-py/python';
 * const documents = { set, facts, measured } as unknown as Pick<HostSource, 'set' | 'facts' | 'measured'>;
 * const target = await createResolver().target({ compatibility_flags: [set.flag] });
 * const { host } = createHost({ target, requirements: [], ...documents });
 * host.library.status('ssl')?.is; // → 'failing'
 * host.packages.having('yaml')[0]?.name; // → 'pyyaml'
 * ```
 */
export function createHost({ target, set, requirements, facts, measured }: HostSource): {
  host: Host;
  unmet: Requirement[];
  extras: { requirement: Requirement; remark: Diagnostic }[];
} {
  const prepared = prepareSet(set);
  const select = (some: readonly Requirement[]) =>
    selectRoots(prepared.flag, prepared, some, () => markerEnvironment(target.runtime));
  const { roots, issues } = select(requirements);
  const failing = new Set(issues.flatMap(placesOf));
  const unmet = requirements.filter((_, at) => failing.has(at));
  const others = unmet.flatMap(({ name }) => prepared.index.get(name) ?? []);
  const host = {
    target,
    packages: new PackageIndex(set.packages, facts),
    ...closureOf(prepared, roots),
    unmet: new Set(walk(prepared, others).members.map((member) => prepared.members[member]!.name)),
    library: new StandardLibraryView(facts, measured, target.runtime),
    facts,
    watched: watchedModules(facts),
  };
  const extras = requirements.flatMap((requirement) => {
    const remarks = requirement.extras.length > 0 ? select([requirement]).diagnostics : [];
    return remarks
      .filter(({ code }) => code === 'extras_not_recorded')
      .map((remark) => ({ requirement, remark }));
  });
  return { host, unmet, extras };
}

function closureOf(set: PreparedSet, roots: ReadonlyMap<number, number>): Pick<Host, 'closure' | 'sizes'> {
  const { members, requiredBy } = walk(set, roots.keys());
  const nameOf = (index: number) => set.members[index]!.name;
  const closure = members.map(
    (member, at) =>
      [nameOf(member), { requested: roots.has(member), required_by: requiredBy[at]!.map(nameOf) }] as const,
  );
  const files = members.map((member) => ({ kind: set.members[member]!.kind, wheel: set.members[member]! }));
  return { closure: new Map(closure), sizes: totalsOf(files) };
}

function watchedModules(facts: StandardLibraryFacts): ReadonlySet<string> {
  const { attempts, limits, synchronous, flags } = facts;
  const limited = [...attempts, ...limits].flatMap(({ names, about }) => [...names, ...about]);
  const called = flags.flatMap(({ signs }) => signs.flatMap(({ names }) => names));
  return new Set(
    [...limited, ...called, ...SETTINGS, ...synchronous.map(({ module }) => module)].map(firstPart),
  );
}

/** The flags about Python on a target, at a revision. */
export function flagsOn(view: CatalogView, { compatibility_date, workerd_flags }: Target): FlagState[] {
  const on = enabledFields(view.flags, new Set(workerd_flags), compatibility_date);
  return view.flags
    .filter(isPythonFlag)
    .flatMap(({ field, enable, disable }) =>
      enable !== null ? [{ field, enable, disable, on: on.has(field) }] : [],
    );
}

/**
 * Whether the runtime leaves the modules of Workers' SDK to the Worker: whether that flag is on, at a revision. A Python
 * that the Worker includes itself comes with them.
 */
export function sdkIsExternalIn(
  view: CatalogView,
  { facts, target }: Pick<Host, 'facts' | 'target'>,
): boolean {
  if (target.runtime.workerd_bundle === null) return false;
  return flagsOn(view, target).some(({ enable, on }) => on && enable === facts.sdk.flag);
}
