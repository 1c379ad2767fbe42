/** The rows of an answer: what was asked for, with its version on each side, and why; and, folded, what that needs. */
import type { Child } from 'hono/jsx';
import { LISTED } from '../../../resolver/evidence-level.ts';
import type { Issue, ResolveAnswer, ResolvedPackage } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { packagePath } from '../components/addresses.ts';
import { ClosureSize, Diagnostics } from '../components/answer.tsx';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import { fileLink, patcherLink } from '../components/links.tsx';
import {
  copyable,
  light,
  linkTo,
  markOf,
  Section,
  sentence,
  Table,
  type TableProps,
} from '../components/text.tsx';
import { capitalized, packages } from '../components/words.ts';
import { IN_AN_INDEX } from '../matrix/answer.ts';
import { leaveOutOf, type UnknownPackage } from './words.ts';

/** More packages than these have their versions alone. */
export const MOST_ROWS = 50;

/** With the two `sides` of a move, a version for each. */
export function AnswerTable({ sides, rows }: { sides?: readonly string[]; rows: TableProps['rows'] }) {
  if (rows.length === 0) return null;
  const name = sides ? 'Package or flag' : 'Package';
  const versions = sides?.map((side) => ({
    name: copyable(printable(side)),
    style: 'state',
    label: `${side}:`,
  }));
  return (
    <Table
      class="answer-rows"
      columns={[name, ...(versions ?? [{ name: 'Version', label: null }]), { name: 'Why', label: null }]}
      rows={rows}
    />
  );
}

interface ClosureProps {
  closure: ResolveAnswer | undefined;
  issues: readonly Issue[];
  unmet: readonly UnknownPackage[];
  modules: readonly FixOf<'leave_out'>[];
}

/** A row for each requirement, and, folded, what the packages need, in load order. */
export function Closure({ closure, issues, unmet, modules }: ClosureProps) {
  const requested = closure?.packages.filter(({ requested }) => requested) ?? [];
  const needed = closure?.packages.filter(({ requested }) => !requested) ?? [];
  const rows = [
    ...requested.slice(0, MOST_ROWS).map((pinned) => pinnedRow(pinned, closure!)),
    ...issues.slice(0, MOST_ERRORS).flatMap((issue) => ('index' in issue ? [failingRow(issue)] : [])),
    ...unmet.slice(0, MOST_ERRORS).map(unmetRow),
    ...modules.map(moduleRow),
  ];
  return (
    <Section
      id="_closure"
      title={rows.length === 1 ? 'The package that you asked for' : 'The packages that you asked for'}
    >
      <AnswerTable rows={rows} />
      <Rest texts={requested.slice(MOST_ROWS).map(nameAndVersion)} />
      <Rest texts={unmet.slice(MOST_ERRORS).map((issue) => issue.package)} />
      {closure && needed.length > 0 && (
        <details class="group">
          <summary>
            {packages(needed.length)} that {requested.length === 1 ? 'it needs' : 'they need'}
          </summary>
          <AnswerTable rows={needed.slice(0, MOST_ROWS).map((pinned) => pinnedRow(pinned, closure))} />
          <Rest texts={needed.slice(MOST_ROWS).map(nameAndVersion)} />
        </details>
      )}
      {closure && closure.packages.length > 0 && (
        <ClosureSize totals={closure.totals} delivery={closure.target.package_set.delivery} />
      )}
      {closure && <Diagnostics list={closure.diagnostics} />}
    </Section>
  );
}

const nameAndVersion = ({ name, version }: ResolvedPackage) => `${name} ${version}`;

export function Rest({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <p>
      And {texts.length} more: {texts.map(printable).join(', ')}.
    </p>
  );
}

/** A package that is pinned, with what was seen of it, and its file. */
function pinnedRow(
  { name, version, evidence, required_by, wheel }: ResolvedPackage,
  { target }: ResolveAnswer,
) {
  const { level, runtime } = evidence ?? LISTED;
  const isElsewhere = runtime !== null && runtime !== target.runtime.pyodide;
  const [style, mark] = LEVEL_MARKS[level];
  return [
    linkTo(packagePath(name, target.package_set.flag), printable(name)),
    [markOf(mark, style), printable(version)],
    [
      isElsewhere ? `${level} on Pyodide ${printable(runtime)}` : level,
      required_by.length > 0 && printable(`, needed by ${required_by.join(', ')}`),
      wheel.patched && [', patched by ', patcherLink(wheel.patched)],
      ', ',
      fileLink(wheel, name),
    ],
  ];
}

function failingRow(issue: Issue & { requirement: string }) {
  // The lines of the others show where a text is wrong, as they do below.
  const [first = ''] = issue.message.split('\n');
  const text = printable(issue.requirement);
  // A package of some set has a page, which says where else to get it.
  const isKnown =
    issue.code === 'version_conflict' || (issue.code === 'unknown_package' && issue.available !== null);
  const name = isKnown ? linkTo(packagePath(issue.package), text) : text;
  return reasonRow(name, 'no', issue.kind === 'malformed' ? 'not read' : 'not here', first);
}

/** A name that no set has: red only if a reviewed row says that it cannot run. */
export function unmetRow(issue: UnknownPackage) {
  const known = leaveOutOf(issue);
  if (known) return knownRow(known);
  const { package: name, requirement, beyond } = issue;
  const isOpen = issue.fixes.some(({ kind }) => kind === 'use_index');
  const why = beyond?.text ?? (isOpen ? IN_AN_INDEX : (issue.fix ?? ''));
  const said = beyond?.is === 'vendored' ? 'from an index' : 'not in a set';
  return reasonRow(linkTo(packagePath(name), printable(requirement)), null, said, why);
}

function knownRow(fix: FixOf<'leave_out'>, said: string = fix.because.replace('_', ' ')) {
  const { name, because, instead } = fix;
  const kind = { cannot_run: 'no', not_needed: 'none', provided: instead === null ? 'yes' : 'part' } as const;
  return reasonRow(printable(name), kind[because], said, reasonText(fix));
}

/** A module that was typed; one that cannot run is that of another Python. */
export const moduleRow = (fix: FixOf<'leave_out'>) =>
  knownRow(fix, fix.because === 'cannot_run' ? 'not in this Python' : undefined);

export const reasonText = ({ why, instead }: FixOf<'leave_out'>) =>
  [`${capitalized(why)}.`, instead].filter(Boolean).join(' ');

const MARKS = { yes: '✓', part: '◐', no: '✕', none: '–' };

function reasonRow(name: Child, kind: keyof typeof MARKS | null, said: string, why: string): Child[] {
  return [name, light('span', { class: kind ?? 'none' }, [kind && markOf(MARKS[kind]), said]), sentence(why)];
}
