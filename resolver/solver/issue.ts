/** What stands in the way of an answer from an index: of requirements as they are read, and of what they come to. */
import type { IssueKind } from '../issues/define.ts';

/** What all issues have; those of requirements that cannot be read have the fields of their code as well. */
export interface SolveIssue {
  kind: IssueKind;
  code: string;
  message: string;
  fix: string | null;
}

export type SolveRead<Value> = { ok: true; value: Value } | { ok: false; issues: SolveIssue[] };
