/** Dependencies that a package set does not list, which packages lacked when they ran. */
import type { Diagnostic, Evidence, ResolvedPackage } from '../answer.ts';
import type { Member } from '../catalog.ts';
import type { EvidenceOf } from '../evidence-level.ts';
import { undeclaredDependency } from '../issues/documents.ts';
import { remark } from '../issues/fixes.ts';
import { firstPart } from '../python/modules.ts';
import type { StandardLibraryFacts } from '../python/standard-library-document.ts';
import { canonicalName, isModuleNamed } from '../requirements/name.ts';

type Members = readonly Pick<Member, 'name' | 'version' | 'imports'>[];

/** The first of `members` that has the module which Python did not find, as an exception or a traceback ends; or null. */
export function missingPackage(
  said: string,
  members: readonly Pick<Member, 'name' | 'imports'>[],
): string | null {
  // An exception before the last one was handled.
  const [, module] =
    /No module named '([\w.]+)'/.exec(said.split('Traceback (most recent call last)').at(-1)!) ?? [];
  if (module === undefined) return null;
  const isIt = isModuleNamed(canonicalName(firstPart(module)));
  return members.find(({ imports }) => imports.some(isIt))?.name ?? null;
}

interface Seen extends Pick<Member, 'name' | 'version'> {
  evidence?: Evidence | null;
}

/** The packages that failed for want of a module, each with the package of the set that has it. */
function undeclaredAmong(packages: readonly Seen[], members: Members) {
  return packages.flatMap(({ name, version, evidence }) => {
    const dependency = missingPackage(evidence?.detail ?? '', members);
    return dependency === null ? [] : [{ name, version, dependency, pyodide: evidence!.runtime! }];
  });
}

/** A remark for each dependency that a closure does not have. */
export function undeclaredRemarks(packages: readonly ResolvedPackage[], members: Members): Diagnostic[] {
  const names = new Set(packages.map(({ name }) => name));
  return undeclaredAmong(packages, members)
    .filter(({ dependency }) => !names.has(dependency))
    .map((undeclared) => {
      const { code, message, fixes } = undeclaredDependency(undeclared);
      return remark('warning', code, message, fixes);
    });
}

/** The facts, with these dependencies of a set's packages among the packages that projects do not import. */
export function withUndeclared(
  facts: StandardLibraryFacts,
  members: Members,
  evidenceOf: EvidenceOf,
): StandardLibraryFacts {
  const seen = members.map(({ name, version }) => ({ name, version, evidence: evidenceOf(name) }));
  const rows = undeclaredAmong(seen, members).map(({ name, dependency, pyodide }) => ({
    ...{ package: dependency, by: [name], does: `be used on Pyodide ${pyodide}` },
    source: `The evidence of ${name}.`,
  }));
  return { ...facts, unimported: [...facts.unimported, ...rows] };
}
