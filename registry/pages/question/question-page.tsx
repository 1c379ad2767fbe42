import type { KnownFinding } from '../../../resolver/audit/findings.ts';
import { isArchived } from '../../../resolver/closure/archives.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import type { CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type { Diagnostic, Issue, ResolveAnswer } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { IS_PUBLISHED } from '../../../resolver/published.ts';
import { listed, printable } from '../../../resolver/text/printable.ts';
import type { FlagSwitch } from '../../../resolver/time/answers.ts';
import type { Together } from '../../../resolver/time/together.ts';
import type { Asked } from '../../http/form.ts';
import { pathOf } from '../assets.ts';
import { addressOf, type Change, linkOf, queryOf, setPath } from '../components/addresses.ts';
import {
  type Answer,
  AnswerFooter,
  Diagnostics,
  SAID,
  TargetAnswer,
  VerdictLine,
} from '../components/answer.tsx';
import { Copies, CopyLines } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { changed, Issues } from '../components/issues.tsx';
import { BoxForm } from '../components/question-form.tsx';
import { copyable, sentence } from '../components/text.tsx';
import { FoldedFindings } from '../security/findings.tsx';
import { Closure } from './answer-table.tsx';
import { boundsOf, type Sides, type Upgrade } from './move.ts';
import { MoveAnswer, RefusedMove } from './move-answer.tsx';
import { headlineOf } from './move-words.ts';
import {
  allDatesText,
  curlLine,
  datesText,
  type FromIndex,
  pinnedLines,
  pinwheelLine,
  type UnknownPackage,
  type Verdict,
  verdictOf,
} from './words.ts';

export interface QuestionPageProps extends QuestionAnswer {
  asked: Asked;
  /** The text of the box, if it was not understood. */
  text?: string | undefined;
  /** Flags to offer in the form. */
  known: readonly string[];
  /** The registry's public address, for lines to copy. */
  origin: string;
  /** Where a move begins and ends; null without one. */
  sides: Sides | null;
  /** The answer about a move. */
  upgrade?: Upgrade;
}

/** The closure, or the issues, with the target if there is one. */
export interface QuestionAnswer {
  issues?: readonly Issue[];
  /** The first change with which the question has an answer, and what to copy for it. */
  fixed?: { change: Change; copy: CopyBlocks } | undefined;
  /** Remarks about the pasted text. */
  remarks?: readonly Diagnostic[];
  /** The target, with the question: its requirements are those that are not `unmet`. */
  answer?: Answer;
  /** The names that no package set has: an answer of their own for each. */
  unmet?: readonly UnknownPackage[];
  /** Packages of the index with the lines to copy, if it has any of them. */
  fromIndex?: FromIndex;
  /** Why packages of the index do not go with the rest. */
  apart?: readonly Issue[];
  /** The requirements as they were asked, for addresses of the question. */
  written?: readonly string[];
  /** Modules of the runtime, and those that only other Pythons have. */
  modules?: readonly FixOf<'leave_out'>[];
  /** The closure of the requirements, without those that are `unmet`. */
  closure?: ResolveAnswer;
  /** The dates that satisfy the requirements of the closure; null if no date does. */
  together?: Together | null;
  /** The dates that satisfy also the requirements that this one does not; null if no date does. */
  elsewhere?: Together | null | undefined;
  /** The flags that turn on after the date and may affect code. */
  ahead?: readonly FlagSwitch[];
  /** The known vulnerabilities of the closure. */
  findings?: readonly KnownFinding[];
}

/** The question as it was understood, and its answer: what a Worker has at a date, or what changes if it moves. */
export function QuestionPage({ asked, text, known, sides, upgrade, ...result }: QuestionPageProps) {
  const { origin, answer, issues = [], closure, unmet, modules, apart } = result;
  const verdict = answer && verdictOf(answer, issues, closure, unmet, modules, apart !== undefined);
  const bounds = upgrade && boundsOf(upgrade);
  return (
    <Document
      title={sides ? moveTitle(sides, upgrade) : titleOf(verdict, issues)}
      description={sides ? MOVES : (verdict?.text ?? RESOLVES)}
      place={sides ? '/compare' : '/resolve'}
      module={sides ? pathOf('move.js') : undefined}
    >
      <BoxForm
        asked={sides ? { ...asked, date: sides.from } : asked}
        text={text}
        to={sides?.to}
        known={known}
      >
        {sides && (
          <div class="row scripted">
            <label class="slide">
              Move the date
              <input id="_slider" type="range" />
            </label>
            <p id="_folder" class="folder">
              <button type="button" data-open="folder">
                Choose a project’s folder
              </button>
              <span role="status">
                <span>Or drop it here: its files are checked in this browser, not uploaded.</span>
              </span>
            </p>
          </div>
        )}
      </BoxForm>
      <div
        id="_result"
        tabindex={-1}
        data-origin={origin}
        data-check={pathOf('check.js')}
        data-first={bounds?.first}
        data-last={bounds?.last}
        data-unmet={upgrade && JSON.stringify(upgrade.unmet.map(toldOf))}
      >
        {!sides && <TargetResult {...result} verdict={verdict} />}
        {sides && !upgrade && <RefusedMove issues={issues} />}
        {upgrade && <MoveAnswer upgrade={upgrade} origin={origin} kind="toml" />}
      </div>
    </Document>
  );
}

/** A name that no set has, with the registry's answer, for the page's script. */
const toldOf = ({ package: name, beyond }: UnknownPackage) => [
  name,
  beyond && { is: beyond.is, text: beyond.text },
];

const RESOLVES =
  'Which versions of which packages are pinned for the requirements of a Python Worker, and why something fails.';
const MOVES =
  'What changes in a Python Worker when its compatibility date moves: Python, packages and what no longer works.';

function moveTitle({ from, to }: Sides, upgrade: Upgrade | undefined): string {
  if (!upgrade) return 'Upgrade';
  return `${headlineOf(upgrade.answer, { to }, upgrade.unmet).text}, from ${printable(from)} to ${printable(to)}`;
}

interface TargetResultProps extends QuestionAnswer {
  origin: string;
  verdict: Verdict | undefined;
}

/** The verdict, and then its details. */
function TargetResult({ origin, verdict, issues = [], remarks = [], ...result }: TargetResultProps) {
  const { answer, unmet = [], modules = [], closure, findings = [], fixed, fromIndex, apart = [] } = result;
  const address = answer && addressOf(answer.question);
  const packages = fromIndex?.packages ?? closure?.packages ?? [];
  return (
    <>
      {verdict ? (
        <VerdictLine kind={verdict.kind}>{copyable(verdict.text)}</VerdictLine>
      ) : (
        <h1>Which packages does a Python Worker get?</h1>
      )}
      {answer && <Dates {...result} answer={answer} />}
      {answer && result.elsewhere !== undefined && (
        <p class="sentence">
          {sentence(
            allDatesText(
              answer.question.requirements,
              result.elsewhere,
              answer.target.as_of,
              unmet.length + modules.length === 0,
            ),
          )}
        </p>
      )}
      {(closure || unmet.length + modules.length > 0) && (
        <Closure closure={closure} issues={issues} unmet={unmet} modules={modules} />
      )}
      {address && closure && findings.length > 0 && (
        <FoldedFindings findings={findings} flag={closure.target.package_set.flag}>
          <p class="quiet">
            <a href={`/v1/audit?${queryOf(address)}`}>Which later date or package set clears each</a> (JSON),
            tried with this question, and <a href="/security">where this is known from</a>.
          </p>
        </FoldedFindings>
      )}
      {issues.length > 0 && (
        <Issues issues={issues} again={address} title={verdict ? 'What to do' : undefined}>
          {fixed && (
            <>
              <h3>To copy, with {changed(fixed.change)}</h3>
              <Copies {...fixed.copy} />
            </>
          )}
        </Issues>
      )}
      {remarks.length > 0 && <Diagnostics list={remarks} />}
      {apart.length > 0 && (
        <>
          <p class="sentence">The index has each by itself, and not all together.</p>
          <Issues issues={apart} />
        </>
      )}
      {answer && address && (
        <>
          <TargetAnswer
            answer={{ ...answer, blocks: fromIndex?.blocks ?? answer.blocks }}
            calls={[curlLine(origin, answer.question, fromIndex)]}
            refused={issues.length > 0 || (unmet.length > 0 && !closure && !fromIndex)}
          >
            {packages.length > 0 && hasWheels(packages) && (
              <CopyLines
                id="_pinned"
                caption="Pinned, for requirements.txt"
                lines={pinnedLines(origin, packages, answer.head.flag, fromIndex)}
              />
            )}
            {IS_PUBLISHED && (
              <CopyLines
                id="_command"
                caption="On the command line"
                lines={[pinwheelLine(answer.question, fromIndex)]}
              />
            )}
          </TargetAnswer>
          {address.requirements.length + modules.length === 0 && (
            <p class="prose">
              No requirements were given. <a href={setPath(answer.head.flag)}>All packages of this target</a>
            </p>
          )}
          <AnswerFooter
            asOf={answer.target.as_of}
            stamp={answer.stamp}
            permanent={linkOf({
              ...address,
              requirements: result.written ?? [],
              date: answer.target.compatibility_date,
              as_of: answer.target.as_of,
              revision: answer.stamp.revision,
            })}
          />
        </>
      )}
    </>
  );
}

/** Whether requirements.txt can name all packages: pip installs no archives. */
function hasWheels(packages: ResolveAnswer['packages']): boolean {
  return !packages.some(({ name, kind, wheel: { filename } }) => isArchived({ name, kind, filename }));
}

function titleOf(verdict: Verdict | undefined, issues: readonly Issue[]): string {
  if (!verdict) return issues.length > 0 ? 'No answer' : 'Resolve';
  return `${verdict.kind ? `${SAID[verdict.kind][1]}: ` : ''}${verdict.text}`;
}

/** The dates at which the packages are pinned together, and what changes later. */
function Dates({ answer, closure, together, ahead = [], written = [] }: QuestionAnswer & { answer: Answer }) {
  const requested = closure?.packages.filter((pinned) => pinned.requested) ?? [];
  if (requested.length === 0 || together === undefined) return null;
  const { target, question } = answer;
  const ending = together && together.to < target.as_of ? together.ending : [];
  const flags = together === null ? [] : ahead;
  const move = linkOf({
    ...addressOf(question),
    requirements: written,
    date: target.compatibility_date,
    to: target.as_of,
  });
  return (
    <p class="sentence">
      {sentence(datesText(requested, together, target.as_of))}
      {ending.length + flags.length > 0 && move !== null && (
        <>
          {' '}
          <a href={move}>
            {sentence(
              ending.length > 0
                ? `From ${addDays(together!.to, 1)} on, ${listed(ending, 3)} ${ending.length === 1 ? 'is' : 'are'} not met`
                : `Later, ${flags.length === 1 ? 'a flag' : `${flags.length} flags`} may need changes in your code`,
            )}
          </a>
          .
        </>
      )}
    </p>
  );
}
