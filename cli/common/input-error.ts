import { CommandError, type LocatedIssue } from './failure.ts';

/** A file, or a part of it, is invalid: exit code 2. */
export function inputError(issues: readonly LocatedIssue[], cause?: unknown): CommandError {
  return new CommandError(2, issues, { cause });
}
