import type { Child } from 'hono/jsx';
import { seenTitle } from '../../../resolver/evidence-words.ts';
import type { Issue, ResolveAnswer, ResolvedPackage } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { packagePath } from '../components/addresses.ts';
import { ClosureSize, Diagnostics } from '../components/answer.tsx';
import { LevelMark } from '../components/evidence.tsx';
import { FileLink, Patcher } from '../components/links.tsx';
import { Mark, Sentence } from '../components/text.tsx';
import { capitalized, packages } from '../components/words.ts';
import { leaveOutOf, type UnknownPackage } from './answer.ts';

interface ClosureProps {
  closure: ResolveAnswer | undefined;
  issues: readonly Issue[];
  unmet: readonly UnknownPackage[];
  provided: readonly FixOf<'leave_out'>[];
}

/** A row for each requirement, and, collapsed, what the packages need, in load order. */
export function Closure({ closure, issues, unmet, provided }: ClosureProps) {
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
        {mark && <Mark mark={mark} />}
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
          <th scope="col">{closure ? seenTitle(closure) : 'Seen'}</th>
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
