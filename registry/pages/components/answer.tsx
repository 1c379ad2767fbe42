/** The parts of answers: the verdict, the target with its remarks, and what the answer is about. */
import type { Child } from 'hono/jsx';
import { roomText, sizeOf } from '../../../resolver/closure/sizes.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type { ClosureTotals, Delivery, Diagnostic, RegistryStamp, Target } from '../../../resolver/index.ts';
import { publisherOf } from '../../../resolver/provenance.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { FormQuestion } from '../../http/form.ts';
import { questionPath } from './addresses.ts';
import { Copies, CopyLines } from './copy.tsx';
import { SetLink } from './links.tsx';
import { Fix, sentence } from './text.tsx';
import { abiText, packages } from './words.ts';

export interface TargetAnswerProps {
  answer: Answer;
  calls: readonly string[];
  /** Whether the question has no answer: then the target is shown without what to copy. */
  refused?: boolean;
  /** Further lines to copy. */
  children?: Child;
}

export interface Answer {
  question: FormQuestion;
  target: Target;
  stamp: RegistryStamp;
  head: CatalogSet;
  /** The number of packages in the set. */
  packageCount: number;
  blocks: CopyBlocks;
}

/** The target of a Worker with its reasons, and lines to copy: for its wrangler file, and `calls` of the API. */
export function TargetAnswer({ answer, calls, refused = false, children }: TargetAnswerProps) {
  const { target, head, packageCount, blocks } = answer;
  const diagnostics = target.diagnostics.filter(({ severity }) => !refused || severity !== 'info');
  const pinned = target.compatibility_flags.includes(head.flag);
  const dateDiffers = pinned && target.compatibility_date !== head.released;
  return (
    <section aria-labelledby="_target" class="answer">
      <h2 id="_target">
        Compatibility date <span class="whole">{target.compatibility_date}</span>: Python{' '}
        {printable(target.runtime.python)} and {packages(packageCount)}
      </h2>
      <Diagnostics list={diagnostics} moved={target.moved_forward} />
      <Copies {...(refused ? { remark: null, blocks: [] } : blocks)} style="lines">
        <CopyLines id="_curl" caption="The same from the API" lines={calls} />
        {children}
      </Copies>
      <details class="group" open={answer.question.requirements.length === 0}>
        <summary>Why this runtime and this package set</summary>
        <TargetFacts target={target}>
          Dated {head.released}, by {publisherOf(head.source)} for Pyodide {printable(head.runtime)}
          {dateDiffers && (
            <>
              {' '}
              · <a href={questionPath({ date: null, flags: [head.flag] })}>Ask at its own date</a>
            </>
          )}
        </TargetFacts>
      </details>
    </section>
  );
}

/** The runtime and the package set, each with its reason; the rest is about the set. */
export function TargetFacts({ target, children }: { target: Target; children?: Child }) {
  const { runtime, package_set, reasons } = target;
  return (
    <dl class="facts">
      <div>
        <dt>Runtime</dt>
        <dd>
          <strong>
            Pyodide {printable(runtime.pyodide)}, Python {printable(runtime.python)}
          </strong>
        </dd>
        <dd>{sentence(reasons.runtime.message)}</dd>
        <dd class="detail">
          ABI {abiText(runtime)} ·{' '}
          {runtime.workerd_bundle === null ? (
            'in no workerd release'
          ) : (
            <>
              workerd’s bundle <span class="whole">{printable(runtime.workerd_bundle)}</span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Package set</dt>
        <dd>
          <strong>
            <SetLink flag={package_set.flag} />
          </strong>
        </dd>
        <dd>{sentence(reasons.package_set.message)}</dd>
        <dd>{sentence(package_set.delivery.reason.message)}</dd>
        <dd class="detail">{children}</dd>
      </div>
    </dl>
  );
}

const LABELS = { info: 'Note', warning: 'Warning', error: 'Error' };

interface DiagnosticsProps {
  /** Findings in files say where they are. */
  list: readonly (Diagnostic & Partial<Pick<Finding, 'path' | 'line'>>)[];
  moved?: Target['moved_forward'];
  most?: number;
}

/** By default, at most 50 are listed; the rest are counted. */
export function Diagnostics({ list, moved = null, most = 50 }: DiagnosticsProps) {
  if (list.length === 0) return null;
  return (
    <ul class="notices" aria-label="Remarks">
      {list.slice(0, most).map(({ severity, code, message, fix, path, line }) => (
        <li class={`notice ${severity}`}>
          <p>
            {path === undefined ? (
              <strong>
                {code === 'moved_forward' && moved
                  ? `Moved forward from Python ${minorOf(moved.from)} to ${minorOf(moved.to)}`
                  : LABELS[severity]}
              </strong>
            ) : (
              <code>{printable(`${path}:${line}`)}</code>
            )}{' '}
            {sentence(message)}
          </p>
          <Fix fix={fix} />
        </li>
      ))}
      {list.length > most && <li class="notice info">And {list.length - most} more.</li>}
    </ul>
  );
}

/** The kind of an answer; null if nothing was asked. */
export type VerdictKind = keyof typeof SAID | null;

interface VerdictLineProps {
  kind: VerdictKind;
  /** Whether the line begins with the word of its kind. */
  isSaid?: boolean;
  children?: Child;
}

/** The mark of an answer, and its first word. */
export const SAID = {
  yes: ['✓', 'Yes'],
  listed: ['○', 'Pinned'],
  part: ['◐', 'In part'],
  no: ['✕', 'No'],
  none: ['?', 'Not known'],
} as const;

/** The heading of an answer: its mark and its first word have the colour of the verdict. */
export function VerdictLine({ kind, isSaid = true, children }: VerdictLineProps) {
  if (kind === null) return <h1 id="_answer">{children}</h1>;
  const [mark, word] = SAID[kind];
  return (
    <h1 id="_answer" class="headline">
      <span class={`badge ${kind}`} aria-hidden="true">
        {mark}
      </span>{' '}
      <span>
        {isSaid && <span class={kind}>{word}: </span>}
        {children}
      </span>
    </h1>
  );
}

interface AnswerFooterProps {
  asOf: string;
  stamp: RegistryStamp;
  path?: string;
  /** The permanent address of the page, by default of its path; null if it is too long for a link. */
  permanent?: string | null;
}

/** The day and revision of a page, and its permanent address. */
export function AnswerFooter({ asOf, stamp, path = '/', ...props }: AnswerFooterProps) {
  const query = `${path.includes('?') ? '&' : '?'}as_of=${asOf}&revision=${stamp.revision}`;
  const { permanent = path + query } = props;
  return (
    <p class="answer-footer">
      Answered as of {asOf}, from revision {stamp.revision} of the registry (
      <code title={stamp.digest}>{stamp.digest.slice(0, 12)}</code>).{' '}
      {permanent !== null && <a href={permanent}>Permanent link</a>}
    </p>
  );
}

/** The size of all files, and what it leaves of a Worker. */
export function ClosureSize({ totals, delivery }: { totals: ClosureTotals; delivery: Delivery }) {
  const { size, unknown_sizes: unknown } = totals;
  if (size === null) {
    return <p class="detail">The size of {unknown === 1 ? '1 file is' : `${unknown} files is`} unknown.</p>;
  }
  return (
    <p class="detail">
      {packages(totals.packages)}, {sizeOf(size)}. {roomText(totals, delivery, sizeOf)}
    </p>
  );
}
