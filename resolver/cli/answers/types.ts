/** What is answered, whoever answers. */
import type { RegistryStamp, ResolveAnswer, Target } from '../../answer.ts';
import type { CatalogSet, Member } from '../../catalog.ts';
import type { PyodideLock } from '../../formats/pyodide-lock.ts';
import type { Question } from '../input/question.ts';

/** A document, and its JSON as the registry sends it. */
export interface Answer<Document> {
  document: Document;
  json: string;
}

export type TargetAnswer = { registry: RegistryStamp } & Target;

/** `GET /v1/sets/{flag}`: the members sorted by name. */
export type SetAnswer = Pick<
  CatalogSet,
  | 'flag'
  | 'python'
  | 'abi'
  | 'runtime'
  | 'released'
  | 'default_from'
  | 'digest'
  | 'source'
  | 'package_count'
  | 'platform'
> & { packages: Member[] };

export interface Answers {
  resolve(question: Question, requirements: readonly string[]): Promise<Answer<ResolveAnswer>>;
  target(question: Question): Promise<Answer<TargetAnswer>>;
  packageSet(flag: string, revision: number | null): Promise<Answer<SetAnswer>>;
  /** A lock of the packages of an answer, with absolute wheel URLs. */
  pyodideLock(answer: ResolveAnswer): Promise<PyodideLock>;
}
