import type { CatalogView, Issue, PreparedSet } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Asked } from '../../http/form.ts';
import { addressOf, queryOf } from '../components/addresses.ts';
import { AnswerFooter } from '../components/answer-footer.tsx';
import { Document } from '../components/document.tsx';
import { Issues } from '../components/issues.tsx';
import { SetLink } from '../components/links.tsx';
import { FORM, PinnedFields, TargetFields } from '../components/question-form.tsx';
import { type Answer, TargetAnswer } from '../components/target-answer.tsx';
import type { AskedFilter, Filter } from './filter.ts';
import { PackageTable } from './package-table.tsx';

interface PackagesPageProps {
  asked: Asked;
  filter: AskedFilter;
  view: CatalogView;
  found?: Found;
  issues?: readonly Issue[];
}

interface Found {
  answer: Answer;
  filter: Filter;
  set: PreparedSet;
  /** The set to compare with. */
  since: PreparedSet | null;
  /** Of the registry, for lines to copy, which do not depend on the request's `Host`. */
  origin: string;
}

/** The supported packages of the set that a date and flags select, or the issues of the question. */
export function PackagesPage({ asked, view, found, issues = [] }: PackagesPageProps) {
  const subject = found ? `Packages of ${found.answer.head.flag}` : 'Invalid question';
  return (
    <Document
      title={`${subject} · Pinwheel`}
      description="The packages that a Python Worker gets by its compatibility date and flags, with their versions and wheels."
      place="/packages"
    >
      <h1>Supported packages</h1>
      {found && <Selected answer={found.answer} />}
      <details class="asked" open={!found}>
        <summary>{found ? 'Change the date, the flags or the set' : 'The question'}</summary>
        <form id={FORM} class="question" action="/packages">
          <TargetFields
            asked={asked}
            view={view}
            date={found?.answer.target.compatibility_date ?? asked.date}
          />
          <div class="action">
            <button type="submit">Show packages</button>
          </div>
          <PinnedFields asked={asked} />
        </form>
      </details>
      {issues.length > 0 && <Issues issues={issues} />}
      {found && <PackageTable {...found} view={view} />}
      {found && <TargetAnswer answer={found.answer} calls={callsOf(found)} />}
      {found && (
        <AnswerFooter
          asOf={found.answer.target.as_of}
          stamp={found.answer.stamp}
          permanent={`/packages?${queryOf({
            ...addressOf(found.answer.question),
            date: found.answer.target.compatibility_date,
            as_of: found.answer.target.as_of,
            revision: found.answer.stamp.revision,
          })}`}
        />
      )}
    </Document>
  );
}

/** The selected set, above its table. */
function Selected({ answer: { target, head } }: { answer: Answer }) {
  const isYanked = target.diagnostics.some(({ code }) => code === 'yanked_package_set');
  return (
    <p>
      Python {printable(target.runtime.python)} with <SetLink flag={head.flag} />,
      {isYanked && (
        <>
          {' '}
          which was <a href="#_target">yanked</a>,
        </>
      )}{' '}
      at compatibility date <span class="whole">{target.compatibility_date}</span>.
    </p>
  );
}

function callsOf({ answer: { question, head }, origin }: Found): string[] {
  const at = question.revision === undefined ? '' : `?revision=${question.revision}`;
  return [
    `curl '${origin}/v1/target?${queryOf(addressOf(question))}'`,
    `curl '${origin}/v1/sets/${head.flag}${at}'`,
  ];
}
