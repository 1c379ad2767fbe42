import type { Child } from 'hono/jsx';
import type { KnownFinding } from '../../../resolver/audit/findings.ts';
import { isArchived } from '../../../resolver/closure/archives.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import type { CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type {
  Diagnostic,
  Issue,
  PreparedSet,
  ResolveAnswer,
  ResolvedPackage,
} from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { IS_PUBLISHED } from '../../../resolver/published.ts';
import { listed, printable } from '../../../resolver/text/printable.ts';
import type { FlagSwitch } from '../../../resolver/time/answers.ts';
import type { Together } from '../../../resolver/time/together.ts';
import type { Asked } from '../../http/form.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import {
  addressOf,
  type Change,
  LONGEST_ADDRESS,
  packagePath,
  queryOf,
  queryOfSides,
  resolveAgain,
  setPath,
  withRequirements,
} from '../components/addresses.ts';
import {
  type Answer,
  AnswerFooter,
  ClosureSize,
  Diagnostics,
  SAID,
  TargetAnswer,
  VerdictLine,
} from '../components/answer.tsx';
import { CopyBlockList, CopyLines, CopyRemark } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { LevelMark } from '../components/evidence.tsx';
import { changed, Issues } from '../components/issues.tsx';
import { FileLink, Patcher } from '../components/links.tsx';
import { BoxForm } from '../components/question-form.tsx';
import { copyable, Sentence } from '../components/text.tsx';
import { capitalized, packages } from '../components/words.ts';
import { FoldedFindings } from '../security/finding-table.tsx';
import {
  curlLine,
  datesText,
  leaveOutOf,
  pinnedLines,
  pinwheelLine,
  type UnknownPackage,
  type Verdict,
  verdictOf,
} from './answer.ts';

interface ResolvePageProps extends QuestionAnswer {
  asked: Asked;
  /** The text of the box, if it was not understood. */
  text?: string | undefined;
  /** Flags to offer in the form. */
  known: readonly string[];
  /** The registry's public address, for lines to copy. */
  origin: string;
}

/** The closure, or the issues, with the target if there is one. */
export interface QuestionAnswer {
  issues?: readonly Issue[];
  /** The first change with which the question has an answer, and what to copy for it. */
  fixed?: { change: Change; copy: CopyBlocks } | undefined;
  /** Remarks about the pasted text. */
  remarks?: readonly Diagnostic[];
  answer?: Answer;
  requirements?: readonly string[];
  /** The names that no package set has: an answer of their own for each. */
  unmet?: readonly UnknownPackage[];
  /** Modules that need no package. */
  provided?: readonly FixOf<'leave_out'>[];
  /** The closure of the requirements, without those that are `unmet`. */
  closure?: ResolveAnswer;
  /** The dates that satisfy the requirements of the closure; null if no date does. */
  together?: Together | null;
  /** The flags that turn on after the date and may affect code. */
  ahead?: readonly FlagSwitch[];
  /** The known vulnerabilities of the closure. */
  findings?: readonly KnownFinding[];
  set?: PreparedSet;
}

/** The question as it was understood, the verdict, and then its details. */
export function ResolvePage(props: ResolvePageProps) {
  const { asked, text, known, origin, issues = [], remarks = [], ...result } = props;
  const { answer, requirements = [], unmet = [], provided = [], closure, findings = [], set, fixed } = result;
  const line = { question: answer?.question, requirements };
  const verdict = answer && verdictOf(answer.target, answer.packageCount, issues, closure, unmet, provided);
  const requirementQuery = withRequirements(answer ? queryOf(addressOf(answer.question)) : '', requirements);
  const again = answer && resolveAgain(addressOf(answer.question), requirements);
  return (
    <Document
      title={titleOf(verdict, issues)}
      description={
        verdict?.text ??
        'Which versions of which packages are pinned for the requirements of a Python Worker, and why something fails.'
      }
      place="/resolve"
    >
      <BoxForm asked={asked} text={text} to="" known={known} />
      <div id="_result" tabindex={-1}>
        {verdict ? (
          <VerdictLine kind={verdict.kind}>{copyable(verdict.text)}</VerdictLine>
        ) : (
          <h1>Which packages does a Python Worker get?</h1>
        )}
        {answer && requirements.length > 0 && <Dates {...result} answer={answer} />}
      </div>
      {(closure || unmet.length + provided.length > 0) && (
        <Closure closure={closure} issues={issues} unmet={unmet} provided={provided} />
      )}
      {issues.length > 0 && (
        <Issues issues={issues} again={again} title={verdict ? 'What to do' : undefined}>
          {fixed && (
            <>
              <h3>To copy, with {changed(fixed.change)}</h3>
              <CopyRemark remark={fixed.copy.remark} />
              <div class="lines first">
                <CopyBlockList blocks={fixed.copy.blocks} />
              </div>
            </>
          )}
        </Issues>
      )}
      {remarks.length > 0 && <Diagnostics target={{ diagnostics: [...remarks], moved_forward: null }} />}
      {closure && findings.length > 0 && (
        <FoldedFindings findings={findings} flag={closure.target.package_set.flag}>
          <p class="quiet">
            <a href={`/v1/audit?${requirementQuery}`}>Which later date or package set clears each</a> (JSON),
            tried with this question, and <a href="/security">where this is known from</a>.
          </p>
        </FoldedFindings>
      )}
      {answer && (
        <TargetAnswer
          answer={answer}
          calls={[curlLine(origin, line)]}
          refused={issues.length > 0 || (unmet.length > 0 && !closure)}
        >
          {closure && set && hasWheels(closure) && (
            <CopyLines
              id="_pinned"
              caption="Pinned, for requirements.txt"
              lines={pinnedLines(origin, closure, set)}
            />
          )}
          {IS_PUBLISHED && (
            <CopyLines id="_command" caption="On the command line" lines={[pinwheelLine(line)]} />
          )}
        </TargetAnswer>
      )}
      {answer && requirements.length === 0 && (
        <p class="prose">
          No requirements were given. <a href={setPath(answer.head.flag)}>All packages of this target</a>
        </p>
      )}
      {answer && <ResolvedFooter answer={answer} requirements={requirements} />}
    </Document>
  );
}

function ResolvedFooter({ answer, requirements }: { answer: Answer; requirements: readonly string[] }) {
  const { question, target, stamp } = answer;
  const query = queryOf({
    ...addressOf(question),
    date: target.compatibility_date,
    as_of: target.as_of,
    revision: stamp.revision,
  });
  const permanent = `/resolve?${withRequirements(query, requirements)}`;
  return <AnswerFooter asOf={target.as_of} stamp={stamp} permanent={permanent} />;
}

/** Whether requirements.txt can name all packages: pip installs no archives. */
function hasWheels({ packages }: ResolveAnswer): boolean {
  return !packages.some(({ name, kind, wheel: { filename } }) => isArchived({ name, kind, filename }));
}

function titleOf(verdict: Verdict | undefined, issues: readonly Issue[]): string {
  if (!verdict) return issues.length > 0 ? 'No answer' : 'Resolve';
  return `${verdict.kind ? `${SAID[verdict.kind][1]}: ` : ''}${verdict.text}`;
}

/** The dates at which the packages are pinned together, and what changes later. */
function Dates({
  answer,
  closure,
  together,
  ahead = [],
  requirements = [],
}: Pick<ResolvePageProps, 'closure' | 'together' | 'ahead' | 'requirements'> & { answer: Answer }) {
  const requested = closure?.packages.filter((pinned) => pinned.requested) ?? [];
  if (requested.length === 0 || together === undefined) return null;
  const { target, question } = answer;
  const date = target.compatibility_date;
  const end = together && together.to < target.as_of ? addDays(together.to, 1) : null;
  const flags = together === null ? [] : ahead;
  const address = { ...addressOf(question), date: null };
  const move = `/compare?${withRequirements(queryOfSides(address, { from: date, to: target.as_of }), requirements)}`;
  return (
    <p class="sentence">
      <Sentence text={datesText(requested, together, target.as_of)} />
      {(end !== null || flags.length > 0) && move.length <= LONGEST_ADDRESS && (
        <>
          {' '}
          <a href={move}>
            {end !== null && together!.ending.length > 0
              ? `From ${end} on, ${printable(listed(together!.ending, 3))} ${together!.ending.length === 1 ? 'is' : 'are'} not met`
              : `Later, ${flags.length === 1 ? 'a flag' : `${flags.length} flags`} may need changes in your code`}
          </a>
          .
        </>
      )}
    </p>
  );
}

interface ClosureProps {
  closure: ResolveAnswer | undefined;
  issues: readonly Issue[];
  unmet: readonly UnknownPackage[];
  provided: readonly FixOf<'leave_out'>[];
}

/** A row for each requirement, and, collapsed, what the packages need, in load order. */
function Closure({ closure, issues, unmet, provided }: ClosureProps) {
  const requested = closure?.packages.filter(({ requested }) => requested) ?? [];
  const needed = closure?.packages.filter(({ requested }) => !requested) ?? [];
  const others = issues.slice(0, MOST_ERRORS).filter((issue) => 'index' in issue);
  const rows = requested.length + others.length + unmet.length + provided.length;
  return (
    <section aria-labelledby="_closure">
      <h2 id="_closure">
        {rows === 1 ? 'The package that you asked for' : 'The packages that you asked for'}
      </h2>
      {rows > 0 && (
        <PackageTable list={requested} closure={closure}>
          {others.map((issue) => (
            <ReasonRow name={issue.requirement} kind="no" mark="✕" said="not here" why={issue.message} />
          ))}
          {unmet.map((issue) => (
            <UnmetRow issue={issue} />
          ))}
          {provided.map((known) => (
            <OtherRow {...(known.instead === null ? PROVIDED : IN_PART)} known={known} />
          ))}
        </PackageTable>
      )}
      {closure && needed.length > 0 && (
        <details class="group">
          <summary>
            {packages(needed.length)} that {requested.length === 1 ? 'it needs' : 'they need'}
          </summary>
          <PackageTable list={needed} closure={closure} />
        </details>
      )}
      {closure && closure.packages.length > 0 && (
        <ClosureSize totals={closure.totals} delivery={closure.target.package_set.delivery} />
      )}
      {closure && <Diagnostics target={{ diagnostics: closure.diagnostics, moved_forward: null }} />}
    </section>
  );
}

const PROVIDED = { kind: 'yes', mark: '✓' };
const IN_PART = { kind: 'part', mark: '◐' };

/** A name that no set has: red only if a reviewed row says that it cannot run. */
function UnmetRow({ issue }: { issue: UnknownPackage }) {
  const known = leaveOutOf(issue);
  if (known?.because === 'cannot_run') return <OtherRow kind="no" mark="✕" known={known} />;
  if (known) return <OtherRow kind="none" mark="–" known={known} />;
  return <ReasonRow name={issue.package} kind="none" said="not in a set" why={issue.fix ?? ''} />;
}

function OtherRow({ kind, mark, known }: { kind: string; mark: string; known: FixOf<'leave_out'> }) {
  const { name, because, why, instead } = known;
  const reason = [`${capitalized(why)}.`, instead].filter(Boolean).join(' ');
  return <ReasonRow {...{ name, kind, mark }} said={because.replace('_', ' ')} why={reason} />;
}

interface ReasonRowProps {
  name: string;
  kind: string;
  mark?: string;
  said: string;
  why: string;
}

function ReasonRow({ name, kind, mark, said, why }: ReasonRowProps) {
  return (
    <tr>
      <th scope="row">{printable(name)}</th>
      <td class={kind}>
        {mark && [<span aria-hidden="true">{mark}</span>, ' ']}
        {said}
      </td>
      <td data-label="Why" colspan={3}>
        <Sentence text={why} />
      </td>
    </tr>
  );
}

interface PackageTableProps {
  list: readonly ResolvedPackage[];
  closure: ResolveAnswer | undefined;
  /** Further rows. */
  children?: Child;
}

function PackageTable({ list, closure, children }: PackageTableProps) {
  const patched = list.some(({ wheel }) => wheel.patched);
  const needed = list.some(({ required_by }) => required_by.length > 0);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Package</th>
          <th scope="col">Version</th>
          <th scope="col">Seen</th>
          {needed && <th scope="col">Needed by</th>}
          {patched && <th scope="col">Patched by</th>}
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        {list.map((pinned) => (
          <tr>
            <th scope="row">
              <a href={packagePath(pinned.name, closure!.target.package_set.flag)}>
                {printable(pinned.name)}
              </a>
            </th>
            <td>{printable(pinned.version)}</td>
            <td data-label="Seen">
              <LevelMark level={pinned.evidence?.level ?? 'listed'} />
            </td>
            {needed && (
              <td class="quiet" data-label="Needed by">
                {printable(pinned.required_by.join(', '))}
              </td>
            )}
            {patched && (
              <td data-label="Patched by">
                <Patcher patched={pinned.wheel.patched} />
              </td>
            )}
            <td class="file" data-label="File">
              <FileLink wheel={pinned.wheel} of={pinned.name} />
            </td>
          </tr>
        ))}
        {children}
      </tbody>
    </table>
  );
}
