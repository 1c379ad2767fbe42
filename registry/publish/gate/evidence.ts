/** The issues of evidence: whether it is about a published set, its runtime and its files. */
import type { CatalogView, Issue } from '../../../resolver/index.ts';
import * as issues from '../../../resolver/issues/publication.ts';
import type { EvidenceDocument } from '../../../resolver/schemas.ts';
import { parseSetDocument, readDocument } from '../../storage/documents.ts';

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
  if (day > published) {
    problems.push(
      issues.backwardDates({ first: `the run, of ${day}`, next: `Its publication, on ${published}` }),
    );
  }
  const earlier = view!.evidence.get(flag)?.find((row) => row.ground === ground);
  if (earlier && earlier.day > day) {
    const first = `the one of ${earlier.day} that is published`;
    problems.push(issues.backwardDates({ first, next: `The run, of ${day}` }));
  }
  const set = parseSetDocument(await readDocument(store, head.digest));
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
