import type { RegistryStamp } from '../../../resolver/answer.ts';

interface AnswerFooterProps {
  asOf: string;
  stamp: RegistryStamp;
  /** The permanent address of the page. */
  permanent: string;
}

/** The day and revision of a page, and its permanent address. */
export function AnswerFooter({ asOf, stamp, permanent }: AnswerFooterProps) {
  return (
    <p class="answer-footer">
      Answered as of {asOf}, from revision {stamp.revision} of the registry (
      <code title={stamp.digest}>{stamp.digest.slice(0, 12)}</code>). <a href={permanent}>Permanent link</a>
    </p>
  );
}
