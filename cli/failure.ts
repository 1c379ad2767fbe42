/** How a command ends other than well. Whatever this command throws on purpose is a {@link CommandError}. */

/** One thing that is wrong, with what to do about it where somebody can tell. */
export interface Complaint {
  /** An issue's stable code; complaints about the command line have none. */
  code?: string;
  message: string;
  fix: string | null;
  /** The file and line that it comes from. */
  where?: string;
}

/** 1: the question has no answer. 2: the command line is wrong. 3: a file or the registry is out of reach. */
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

export function unanswered(complaints: readonly Complaint[]): CommandError {
  return new CommandError(1, complaints);
}

export function misused(message: string, fix: string | null = null): CommandError {
  return new CommandError(2, [{ message, fix }]);
}

export function outOfReach(message: string, fix: string | null, cause?: unknown): CommandError {
  return new CommandError(3, [{ message, fix }], { cause });
}
