import type { RegistryStamp } from '../../../resolver/answer.ts';

interface AnswerFooterProps {
  asOf: string;
  stamp: RegistryStamp;
  /** The same page for ever. */
  permanent: string;
}

/** As of when a page holds, and its address for ever. */
export function AnswerFooter({ asOf, stamp, permanent }: AnswerFooterProps) {
  return (
    <p class="standing">
      Answered as of {asOf}, from revision {stamp.revision} of the registry (
      <code title={stamp.digest}>{stamp.digest.slice(0, 12)}</code>). <a href={permanent}>Permanent link</a>
    </p>
  );
}
