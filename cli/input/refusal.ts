import { CommandError, type Complaint } from '../failure.ts';

/** A file, or something in it, that cannot be read as what it is given for: a wrong question. */
export function refuseInput(complaints: readonly Complaint[], cause?: unknown): CommandError {
  return new CommandError(2, complaints, { cause });
}
