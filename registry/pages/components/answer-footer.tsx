import type { RegistryStamp } from '../../../resolver/index.ts';

import { LONGEST_ADDRESS } from './addresses.ts';

interface AnswerFooterProps {
  asOf: string;
  stamp: RegistryStamp;
  /** The permanent address of the page; there is no link to one that is too long. */
  permanent: string;
}

/** The day and revision of a page, and its permanent address. */
export function AnswerFooter({ asOf, stamp, permanent }: AnswerFooterProps) {
  return (
    <p class="answer-footer">
      Answered as of {asOf}, from revision {stamp.revision} of the registry (
      <code title={stamp.digest}>{stamp.digest.slice(0, 12)}</code>).{' '}
      {permanent.length <= LONGEST_ADDRESS && <a href={permanent}>Permanent link</a>}
    </p>
  );
}
