import { isArchived } from '../../../resolver/closure/archives.ts';
import type { CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type { CatalogView, Diagnostic, Issue, PreparedSet, ResolveAnswer } from '../../../resolver/index.ts';
import type { Asked } from '../../http/form.ts';
import { type Change, resolveAgain } from '../components/again.ts';
import { AnswerFooter } from '../components/answer-footer.tsx';
import { CopyBlockList, CopyRemark } from '../components/copy-blocks.tsx';
import { CopyLines } from '../components/copy-lines.tsx';
import { Document } from '../components/document.tsx';
import { Explanation } from '../components/explanation.tsx';
import { changed } from '../components/fixes.tsx';
import { Issues } from '../components/issues.tsx';
import { addressOf, queryOf, withRequirements } from '../components/links.ts';
import { type Answer, Diagnostics, TargetAnswer } from '../components/target-answer.tsx';
import { VerdictLine } from '../components/verdict-line.tsx';
import { Closure } from './closure-table.tsx';
import { curlLine, pinnedLines, pinwheelLine } from './copy-commands.ts';
import { ResolveForm } from './resolve-form.tsx';
import { type Verdict, verdictOf } from './verdict.ts';

export interface ResolvePageProps {
  asked: Asked;
  view: CatalogView;
  /** Flags to offer in the form. */
  known: readonly string[];
  /** Of the registry, for lines to copy. */
  origin: string;
  issues?: readonly Issue[];
  /** The first change with which the question has an answer, and what to copy for it. */
  fixed?: { change: Change; copy: CopyBlocks } | undefined;
  /** Remarks about the pasted text. */
  remarks?: readonly Diagnostic[];
  answer?: Answer;
  requirements?: readonly string[];
  closure?: ResolveAnswer;
  set?: PreparedSet;
}

/** The verdict first, then its details. The form is collapsed if there is an answer. */
export function ResolvePage(props: ResolvePageProps) {
  const { asked, view, known, origin, issues = [], remarks = [], ...found } = props;
  const { answer, requirements = [], closure, set, fixed } = found;
  const line = { question: answer?.question, requirements };
  const verdict = answer && verdictOf(answer.target, answer.packageCount, issues, closure);
  const again = answer && resolveAgain(addressOf(answer.question), requirements);
  return (
    <Document
      title={titleOf(verdict, issues)}
      description={
        verdict?.text ??
        'Which versions of which packages a Python Worker gets for its requirements, and why something fails.'
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
      {answer && (
        <TargetAnswer answer={answer} calls={[curlLine(origin, line)]} refused={issues.length > 0}>
          {closure && set && hasWheels(closure) && (
            <CopyLines
              id="_pinned"
              caption="Pinned, for requirements.txt"
              lines={pinnedLines(origin, closure, set)}
            />
          )}
          <CopyLines id="_command" caption="On the command line" lines={[pinwheelLine(line)]} />
        </TargetAnswer>
      )}
      {answer && requirements.length === 0 && (
        <p class="prose">
          No requirements were given.{' '}
          <a href={`/packages?${queryOf(addressOf(answer.question))}`}>All packages of this target</a>
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
  const word = { yes: 'Yes: ', no: 'No: ' };
  return `${verdict.kind ? word[verdict.kind] : ''}${verdict.text} · Pinwheel`;
}
