import type { KnownFinding } from '../../../resolver/audit/findings.ts';
import { isArchived } from '../../../resolver/closure/archives.ts';
import type { CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type {
  CatalogView,
  Diagnostic,
  Issue,
  PreparedSet,
  ResolveAnswer,
  ResolvedPackage,
} from '../../../resolver/index.ts';
import { IS_PUBLISHED } from '../../../resolver/published.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Asked } from '../../http/form.ts';
import {
  addressOf,
  type Change,
  packagePath,
  queryOf,
  resolveAgain,
  setPath,
  withRequirements,
} from '../components/addresses.ts';
import {
  type Answer,
  AnswerFooter,
  ClosureSize,
  Diagnostics,
  TargetAnswer,
  VerdictLine,
} from '../components/answer.tsx';
import { CopyBlockList, CopyLines, CopyRemark } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { Explanation } from '../components/explanation.tsx';
import { changed, Issues } from '../components/issues.tsx';
import { FileLink, Patcher } from '../components/links.tsx';
import { FORM, LinesField, PinnedFields, TargetFields } from '../components/question-form.tsx';
import { packages } from '../components/words.ts';
import { ClosureFindings } from '../security/closure-findings.tsx';
import { curlLine, pinnedLines, pinwheelLine, type Verdict, verdictOf } from './answer.ts';

export interface ResolvePageProps {
  asked: Asked;
  view: CatalogView;
  /** Flags to offer in the form. */
  known: readonly string[];
  /** The registry's public address, for lines to copy. */
  origin: string;
  issues?: readonly Issue[];
  /** The first change with which the question has an answer, and what to copy for it. */
  fixed?: { change: Change; copy: CopyBlocks } | undefined;
  /** Remarks about the pasted text. */
  remarks?: readonly Diagnostic[];
  answer?: Answer;
  requirements?: readonly string[];
  closure?: ResolveAnswer;
  /** The known vulnerabilities of the closure. */
  findings?: readonly KnownFinding[];
  set?: PreparedSet;
}

/** The verdict first, then its details. The form is collapsed if there is an answer. */
export function ResolvePage(props: ResolvePageProps) {
  const { asked, view, known, origin, issues = [], remarks = [], ...result } = props;
  const { answer, requirements = [], closure, findings = [], set, fixed } = result;
  const line = { question: answer?.question, requirements };
  const verdict = answer && verdictOf(answer.target, answer.packageCount, issues, closure);
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
      {verdict ? (
        <>
          <VerdictLine kind={verdict.kind}>{verdict.text}</VerdictLine>
          <details class="asked">
            <summary>Change the question</summary>
            <ResolveForm asked={asked} view={view} known={known} />
          </details>
        </>
      ) : (
        <>
          <h1>Which packages does a Python Worker get?</h1>
          <ResolveForm asked={asked} view={view} known={known} />
        </>
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
      {closure && <Closure closure={closure} />}
      {closure && findings.length > 0 && (
        <ClosureFindings findings={findings} closure={closure} query={requirementQuery} />
      )}
      {answer && (
        <TargetAnswer answer={answer} calls={[curlLine(origin, line)]} refused={issues.length > 0}>
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
      {closure && again && requirements.length > 0 && (
        <section aria-labelledby="_why">
          <h2 id="_why">Why each package is there</h2>
          <Explanation
            requirements={requirements}
            packages={closure.packages}
            issues={[]}
            set={closure.target.package_set.flag}
            again={again}
          />
        </section>
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
  if (!verdict) return issues.length > 0 ? 'No answer · Pinwheel' : 'Resolve · Pinwheel';
  const word = { yes: 'Yes: ', no: 'No: ', none: 'Not known: ' };
  return `${verdict.kind ? word[verdict.kind] : ''}${verdict.text} · Pinwheel`;
}

interface ResolveFormProps {
  asked: Asked;
  view: CatalogView;
  /** Flags to offer. */
  known: readonly string[];
}

/** The form is posted, because a wrangler file may contain secrets. */
function ResolveForm({ asked, view, known }: ResolveFormProps) {
  return (
    <form id={FORM} class="question long-form" action="/resolve" method="post">
      <TargetFields asked={asked} view={view} date={asked.date} known={known} />
      <LinesField
        id="_requirements"
        kind="wide"
        label="Requirements"
        hint="One per line, such as fastapi or pandas>=2, or a whole requirements.txt."
        name="requirements"
        rows={4}
        value={asked.requirements}
      />
      <details open={asked.wrangler !== ''}>
        <summary>Paste a wrangler file instead of date and flags</summary>
        <LinesField
          id="_wrangler_file"
          label="wrangler.toml or wrangler.jsonc"
          hint="Only its compatibility_date and compatibility_flags are read; nothing is stored."
          name="wrangler"
          rows={6}
          value={asked.wrangler}
        />
      </details>
      <PinnedFields asked={asked} />
      <div class="action">
        <button type="submit">Answer</button>
      </div>
    </form>
  );
}

/** The requested packages, and their dependencies, collapsed, in load order. */
function Closure({ closure }: { closure: ResolveAnswer }) {
  const { diagnostics } = closure;
  const requested = closure.packages.filter(({ requested }) => requested);
  const needed = closure.packages.filter(({ requested }) => !requested);
  return (
    <section aria-labelledby="_closure">
      <h2 id="_closure">
        {requested.length === 1 ? 'The package that you asked for' : 'The packages that you asked for'}
      </h2>
      {requested.length > 0 && <PackageTable list={requested} closure={closure} />}
      {needed.length > 0 && (
        <details class="group">
          <summary>
            {packages(needed.length)} that {requested.length === 1 ? 'it needs' : 'they need'}
          </summary>
          <PackageTable list={needed} closure={closure} />
        </details>
      )}
      {closure.packages.length > 0 && (
        <ClosureSize totals={closure.totals} delivery={closure.target.package_set.delivery} />
      )}
      <Diagnostics target={{ diagnostics, moved_forward: null }} />
    </section>
  );
}

function PackageTable({ list, closure }: { list: readonly ResolvedPackage[]; closure: ResolveAnswer }) {
  const patched = list.some(({ wheel }) => wheel.patched);
  const needed = list.some(({ required_by }) => required_by.length > 0);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Package</th>
          <th scope="col">Version</th>
          {needed && <th scope="col">Needed by</th>}
          {patched && <th scope="col">Patched by</th>}
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        {list.map((pinned) => (
          <tr>
            <th scope="row">
              <a href={packagePath(pinned.name, closure.target.package_set.flag)}>{printable(pinned.name)}</a>
            </th>
            <td>{printable(pinned.version)}</td>
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
      </tbody>
    </table>
  );
}
