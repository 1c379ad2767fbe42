/** Asks at the terminal before files are changed. */
import { createInterface } from 'node:readline/promises';
import { misused } from '../common/failure.ts';

export interface ConfirmOptions {
  yes?: true;
  dryRun?: true;
}

/** Refuses a command that would have nobody to ask, before it does anything. */
export function checkConfirm(command: string, { yes, dryRun }: ConfirmOptions): void {
  if (!yes && !dryRun && !process.stdin.isTTY) throw misused({ problem: 'unasked', command });
}

export async function confirm(question: string, { yes }: ConfirmOptions): Promise<boolean> {
  if (yes) return true;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input is a no.
  const answer = await new Promise<string>((resolve) => {
    asking.once('close', () => resolve(''));
    // Ctrl-C ends the command, and is not a no that is followed by the next question.
    asking.once('SIGINT', () => process.exit(130));
    asking.question(`${question} [y/N] `).then(resolve, () => resolve(''));
  });
  asking.close();
  return /^y(?:es)?$/i.test(answer.trim());
}
