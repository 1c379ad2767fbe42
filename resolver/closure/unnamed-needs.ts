/** Packages that lacked another one when they ran: their entries in the package set do not name it. */
import type { Diagnostic, Evidence, ResolvedPackage } from '../answer.ts';
import type { Member } from '../catalog.ts';
import type { EvidenceOf } from '../evidence-level.ts';
import { unnamedNeed } from '../issues/documents.ts';
import { remark } from '../issues/fixes.ts';
import { firstPart } from '../python/modules.ts';
import type { StandardLibraryFacts } from '../python/standard-library-document.ts';
import { canonicalName, isModuleNamed } from '../requirements/name.ts';

const LACKING = /No module named '([\w.]+)'/;

type Members = readonly Pick<Member, 'name' | 'version' | 'imports'>[];

interface UnnamedNeed {
  name: string;
  version: string;
  /** The package of the set that has the module. */
  needed: string;
  /** The version of Pyodide on which an import failed. */
  pyodide: string;
}

interface Seen {
  name: string;
  version: string;
  evidence?: Evidence | null;
}

/** Whether a package failed for want of a module. */
export const isLacking = ({ evidence }: Pick<Seen, 'evidence'>): boolean =>
  LACKING.test(evidence?.detail ?? '');

function unnamedNeeds(packages: readonly Seen[], members: Members): UnnamedNeed[] {
  return packages.filter(isLacking).flatMap(({ name, version, evidence }) => {
    const { detail, runtime } = evidence!;
    const isIt = isModuleNamed(canonicalName(firstPart(LACKING.exec(detail!)![1]!)));
    const having = members.find(({ imports }) => imports.some(isIt));
    return having ? [{ name, version, needed: having.name, pyodide: runtime! }] : [];
  });
}

/** A remark for each need that a closure does not meet. */
export function needRemarks(packages: readonly ResolvedPackage[], members: Members): Diagnostic[] {
  const names = new Set(packages.map(({ name }) => name));
  return unnamedNeeds(packages, members).flatMap((need) => {
    const { code, message, fixes } = unnamedNeed(need);
    return names.has(need.needed) ? [] : remark('warning', code, message, fixes);
  });
}

/** The facts, with the needs of a set's packages among those of packages that projects do not import. */
export function withNeeds(
  facts: StandardLibraryFacts,
  members: Members,
  evidenceOf: EvidenceOf,
): StandardLibraryFacts {
  const seen = members.map(({ name, version }) => ({ name, version, evidence: evidenceOf(name) }));
  const needs = unnamedNeeds(seen, members).map(({ name, needed, pyodide }) => ({
    ...{ package: needed, by: [name], does: `be used on Pyodide ${pyodide}` },
    source: `The evidence of ${name}.`,
  }));
  return { ...facts, unimported: [...facts.unimported, ...needs] };
}
