/** What is answered, whoever answers. */
import type { RegistryStamp, ResolveAnswer, ResolvedPackage, Target } from '../../resolver/answer.ts';
import type { CatalogSet, Member, Source } from '../../resolver/catalog.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import type { CompareAnswer, WhenAnswer } from '../../resolver/time/answers.ts';
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
  /** Where a set was read from. */
  sourceOf(flag: string, revision: number | null): Promise<Source>;
  /** The question's own date does not matter here and below. */
  when(question: Question, requirement: string): Promise<Answer<WhenAnswer>>;
  /** `from` and `to` are a compatibility date or a package flag each. */
  compare(
    question: Question,
    sides: { from: string; to: string },
    requirements: readonly string[],
  ): Promise<Answer<CompareAnswer>>;
  /** A lock of the packages of an answer, with absolute wheel URLs. */
  pyodideLock(answer: ResolveAnswer): Promise<PyodideLock>;
  /** Where the files of packages come from, in the same order. Fails where only registries serve one. */
  fileUrls(packages: readonly ResolvedPackage[]): string[];
  /** The simple index of a set; null where no registry is known. */
  simpleIndex(flag: string): string | null;
}
