import type { Target } from '../../../resolver/answer.ts';
import type { CatalogSet } from '../../../resolver/catalog.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { CompareAnswer } from '../../../resolver/time/answers.ts';
import type { Asked, FormQuestion } from '../../http/form.ts';
import { PackageChangesList } from '../parts/changes.tsx';
import { CopyLines } from '../parts/copy-lines.tsx';
import { Document } from '../parts/document.tsx';
import { Issues } from '../parts/issues.tsx';
import { addressOf, queryOf } from '../parts/links.ts';
import { Sentence } from '../parts/sentence.tsx';
import { SetLink } from '../parts/set-link.tsx';
import { Standing } from '../parts/standing.tsx';
import { Diagnostics } from '../parts/target-answer.tsx';
import { ClosureSection } from './closure-section.tsx';
import { CompareForm } from './compare-form.tsx';
import { FlagSwitches } from './flag-switches.tsx';

interface ComparePageProps {
  asked: Asked;
  from: string;
  to: string;
  sets: readonly CatalogSet[];
  origin: string;
  issues?: readonly Issue[];
  question?: FormQuestion;
  answer?: CompareAnswer;
}

/** Two targets side by side, and what changes between them: what breaks things first. */
export function ComparePage(props: ComparePageProps) {
  const { asked, from, to, sets, origin, issues = [], question, answer } = props;
  const { requirements = [], remarks = [] } = question ?? {};
  const sides = { from, to, requirements };
  return (
    <Document
      title={`${answer ? `${printable(from)} and ${printable(to)} compared` : 'Compare'} · Pinwheel`}
      place="/compare"
    >
      <h1>Compare two targets</h1>
      <CompareForm asked={asked} from={from} to={to} sets={sets} />
      {issues.length > 0 && <Issues issues={issues} />}
      {answer && (
        <>
          <section aria-labelledby="_answer">
            <h2 id="_answer">{headlineOf(answer)}</h2>
            <div class="facts even">
              <Side title="From" target={answer.from} other={answer.to} />
              <Side title="To" target={answer.to} other={answer.from} />
            </div>
            <Diagnostics target={{ diagnostics: [...remarks, ...answer.diagnostics], moved_forward: null }} />
          </section>
          {answer.closure && <ClosureSection closure={answer.closure} answer={answer} />}
          <section aria-labelledby="_packages">
            <h2 id="_packages">Packages of the set</h2>
            <PackageChangesList
              changes={answer.packages}
              from={answer.from.package_set.flag}
              to={answer.to.package_set.flag}
            />
          </section>
          <StandardLibrary answer={answer} />
          <FlagSwitches switches={answer.flags} />
          <div class="lines even">
            <CopyLines
              id="_curl"
              caption="The same from the API"
              lines={[`curl '${origin}/v1/compare?${addressIn(question, sides)}'`]}
            />
          </div>
          <Standing
            asOf={answer.to.as_of}
            stamp={answer.registry}
            permanent={`/compare?${addressIn(question, sides, answer)}`}
          />
        </>
      )}
    </Document>
  );
}

function headlineOf({ runtime, python, package_set, packages }: CompareAnswer): string {
  if (!runtime.changed && !package_set.changed) return 'The runtime and the package set stay the same';
  const gone = packages.removed.length;
  const moved = packages.changed.filter(({ direction }) => direction !== 'rebuilt').length;
  const parts = [
    python.changed ? `Python ${python.from} becomes ${python.to}` : `Python stays ${python.to}`,
    `${gone === 0 ? 'no package goes' : gone === 1 ? '1 package goes' : `${gone} packages go`}`,
    moved === 1 ? '1 changes version' : `${moved} change version`,
  ];
  return printable(parts.join(', '));
}

/** What changed is strong. */
function Side({ title, target, other }: { title: string; target: Target; other: Target }) {
  const { compatibility_date, runtime, package_set, reasons } = target;
  return (
    <div>
      <p class="detail">{title}</p>
      <h3 class="flush">
        <span class="whole">{compatibility_date}</span>
      </h3>
      <dl class="pairs close">
        <dt>Python</dt>
        <dd>{marked(runtime.python, other.runtime.python)}</dd>
        <dt>Pyodide</dt>
        <dd>{marked(runtime.pyodide, other.runtime.pyodide)}</dd>
        <dt>Package set</dt>
        <dd>
          <SetLink flag={package_set.flag} />
        </dd>
        <dt>Why</dt>
        <dd>
          <Sentence text={reasons.runtime.message} /> <Sentence text={reasons.package_set.message} />
        </dd>
      </dl>
      <Diagnostics target={target} />
    </div>
  );
}

function marked(value: string, other: string) {
  return value === other ? printable(value) : <strong>{printable(value)}</strong>;
}

function StandardLibrary({ answer: { standard_library } }: { answer: CompareAnswer }) {
  const { removed, added } = standard_library;
  if (removed.length + added.length === 0) return null;
  return (
    <section aria-labelledby="_modules">
      <h2 id="_modules">Modules of the standard library that are packages</h2>
      {removed.length > 0 && <p>No longer packages of the set: {printable(removed.join(', '))}.</p>}
      {added.length > 0 && <p>Now packages of the set: {printable(added.join(', '))}.</p>}
    </section>
  );
}

interface Sides {
  from: string;
  to: string;
  requirements: readonly string[];
}

/** The same question as an address; with an answer, its address for ever. */
function addressIn(question: FormQuestion | undefined, sides: Sides, answer?: CompareAnswer): string {
  const asked = question ? addressOf(question) : { flags: [] };
  const forEver = answer ? { as_of: answer.to.as_of, revision: answer.registry.revision } : {};
  const query = new URLSearchParams(queryOf({ ...asked, date: null, ...forEver }));
  query.set('from', sides.from);
  query.set('to', sides.to);
  for (const requirement of sides.requirements) query.append('requirement', requirement);
  return query.toString();
}
