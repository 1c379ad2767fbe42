import { CommandError, type LocatedIssue } from '../failure.ts';

/** A file, or something in it, that cannot be read as what it is given for: a wrong question. */
export function inputError(issues: readonly LocatedIssue[], cause?: unknown): CommandError {
  return new CommandError(2, issues, { cause });
}
