import type { CatalogSet } from '../../resolver/catalog.ts';
import type { Fault } from '../../resolver/fault.ts';
import { Document } from './document.tsx';
import { Faults } from './faults.tsx';
import { addressOf, queryOf } from './links.ts';
import { PackageTable } from './package-table.tsx';
import type { Asked } from './question.ts';
import { QuestionForm } from './question-form.tsx';
import { type Answer, TargetAnswer } from './target-answer.tsx';

interface PackagesPageProps {
  asked: Asked;
  /** Those to choose from. */
  sets: readonly CatalogSet[];
  answer?: Answer;
  faults?: readonly Fault[];
}

/** The supported packages of the set that a date and flags select, or what is wrong with the question. */
export function PackagesPage({ asked, sets, answer, faults = [] }: PackagesPageProps) {
  const subject = answer ? `Packages of ${answer.head.flag}` : 'The question has a fault';
  return (
    <Document title={`${subject} · Pinwheel`}>
      <h1>Supported packages</h1>
      <QuestionForm asked={asked} sets={sets} date={answer?.target.compatibility_date ?? asked.date} />
      {faults.length > 0 && <Faults faults={faults} />}
      {answer && <TargetAnswer {...answer} />}
      {answer && <PackageTable set={answer.set} flag={answer.head.flag} filter={answer.question.filter} />}
      {answer && <Standing {...answer} />}
    </Document>
  );
}

/** As of when the answer holds, and its address for ever. */
function Standing({ question, target, stamp }: Answer) {
  const forEver = queryOf({
    ...addressOf(question),
    date: target.compatibility_date,
    as_of: target.as_of,
    revision: stamp.revision,
  });
  return (
    <footer>
      <p>
        Answered as of {target.as_of}, from revision {stamp.revision} of the registry (
        <code title={stamp.digest}>{stamp.digest.slice(0, 12)}</code>).{' '}
        <a href={`/packages?${forEver}`}>Permanent link</a>
      </p>
    </footer>
  );
}
