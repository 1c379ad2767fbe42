/** How a command ends other than well. Whatever this command throws on purpose is a {@link CommandError}. */
import { RegistryError } from '../resolver/client/registry-error.ts';
import type { Issue, Outcome } from '../resolver/issue.ts';
import { outOfReach as unreachable, wrongUsage } from '../resolver/issues/documents.ts';

/** An issue, and what `where` says: the file and line that it comes from. */
export type Complaint = Issue & { where?: string };

/** 1: findings, or no answer. 2: a wrong question. 3: a file or the registry is out of reach. */
export type FailureCode = 1 | 2 | 3;

export class CommandError extends Error {
  readonly exitCode: FailureCode;
  readonly complaints: readonly Complaint[];

  constructor(exitCode: FailureCode, complaints: readonly Complaint[], options?: ErrorOptions) {
    super(complaints.map(({ message }) => message).join('\n'), options);
    this.exitCode = exitCode;
    this.complaints = complaints;
  }
}

/** The answer to a question, or a failure of the command. */
export function answered<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.ok) return outcome.value;
  throw refused(outcome.issues);
}

/** Issues of a question: one that cannot even be read is a wrong question. */
export function refused(issues: readonly Issue[]): CommandError {
  const exitCode = issues.some(({ kind }) => kind === 'malformed') ? 2 : 1;
  return new CommandError(exitCode, issues);
}

export function unanswered(complaints: readonly Complaint[]): CommandError {
  return new CommandError(1, complaints);
}

export function misused(message: string, fix: string | null = null): CommandError {
  return new CommandError(2, [wrongUsage({ message, fix })]);
}

export function outOfReach(message: string, fix: string | null, cause?: unknown): CommandError {
  return new CommandError(3, [unreachable({ message, fix })], { cause });
}

/** What was thrown, as a failure of the command; null for what nobody expected. */
export function commandErrorOf(error: unknown): CommandError | null {
  if (error instanceof CommandError) return error;
  if (!(error instanceof RegistryError)) return null;
  const { code, message, fix } = error;
  if (code === 'invalid_address')
    return new CommandError(2, [wrongUsage({ message, fix })], { cause: error });
  const instead = `${fix.replace(/\.$/, '')}, or leave out --registry to ask the data that pinwheel carries.`;
  return outOfReach(message, instead, error);
}
