/** Evidence at the gate: whether it is about a published set, its runtime and its files, and what a default needs of it. */
import { type PreparedSet, walk } from '../../../resolver/closure/prepare.ts';
import { evidenceIn, isImported } from '../../../resolver/evidence-level.ts';
import { type CatalogView, type Issue, type PackageSet, prepareSet } from '../../../resolver/index.ts';
import * as issues from '../../../resolver/issues/publication.ts';
import type { EvidenceDocument } from '../../../resolver/schemas.ts';
import { readSet } from '../../storage/documents.ts';

/**
 * The issue of a default in which packages of those before it are not known to be imported. What was seen in another set
 * of the runtime counts if all of the package's closure are the same files: evidence is about bytes on a runtime, and
 * nobody can run a set before it is published.
 */
export async function unseenIssues(
  store: R2Bucket,
  view: CatalogView,
  set: PackageSet,
  before: readonly PackageSet[],
): Promise<Issue[]> {
  const having = before.flatMap(({ packages }) => packages.filter(({ imports }) => imports.length > 0));
  const unseen = new Set(having.map(({ name }) => name));
  const own = prepareSet(set);
  for (const flag of view.evidence.keys()) {
    const head = view.sets.get(flag)!;
    if (head.runtime !== set.runtime) continue;
    const evidenceOf = evidenceIn(view, flag);
    const ran = prepareSet(await readSet(store, head));
    for (const name of unseen) {
      if (isImported(evidenceOf(name)) && filesOf(own, name) === filesOf(ran, name)) unseen.delete(name);
    }
  }
  if (unseen.size === 0) return [];
  return [issues.unseenDefault({ package_set: set.flag, packages: [...unseen].sort() })];
}

/** The digests of all files that a package needs, as text. */
function filesOf(set: PreparedSet, name: string): string {
  const at = set.index.get(name);
  const members = at === undefined ? [] : walk(set, [at]).members;
  return members.map((member) => set.members[member]!.sha256).join(' ');
}

export async function evidenceIssues(
  store: R2Bucket,
  view: CatalogView | null,
  published: string,
  { set: flag, digest, runtime, ground, day, results }: EvidenceDocument,
): Promise<Issue[]> {
  const head = view?.sets.get(flag);
  if (!head) return [issues.unknownSubject({ subject: flag })];
  const problems: Issue[] = [];
  const refuse = (subject: string, problem: string) =>
    problems.push(issues.otherEvidence({ subject, problem }));
  if (digest !== head.digest) {
    refuse('digest', `the registry has ${flag} with the digest ${head.digest}`);
    return problems;
  }
  if (runtime !== head.runtime) refuse('runtime', `${flag} is for Pyodide ${head.runtime}`);
  const refuseDates = (first: string, next: string) => problems.push(issues.backwardDates({ first, next }));
  if (day > published) refuseDates(`the run, of ${day}`, `Its publication, on ${published}`);
  const earlier = view!.evidence.get(flag)?.find((row) => row.ground === ground);
  if (earlier && earlier.day > day) {
    refuseDates(`the one of ${earlier.day} that is published`, `The run, of ${day}`);
  }
  const set = await readSet(store, head);
  const members = new Map(set.packages.map((member) => [member.name, member]));
  for (const [at, { name, version, sha256, imports }] of results.entries()) {
    const member = members.get(name);
    const modules = imports.map(({ module }) => module).join(', ');
    if (at > 0 && name <= results[at - 1]!.name) refuse(name, 'results are sorted by name, each once');
    if (!member) refuse(name, `${flag} does not have it`);
    else if (member.version !== version) refuse(name, `${flag} pins version ${member.version}`);
    else if (member.sha256 !== sha256) refuse(name, `${flag} pins the file ${member.sha256}`);
    else if (member.imports.join(', ') !== modules) {
      refuse(name, `its modules are ${member.imports.join(', ') || 'none'}`);
    }
  }
  return problems;
}
