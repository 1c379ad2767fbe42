/** The answer to a move: the same rows as the answer at a date, with a version on each side. */
import type { Child } from 'hono/jsx';
import type { CompareAnswer, Issue, Target } from '../../../resolver/index.ts';
import { placesOf } from '../../../resolver/issue.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { sortedBy } from '../../../resolver/sorted-by.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { FlagSwitch, VersionChange } from '../../../resolver/time/answers.ts';
import { mayAffectCode } from '../../../resolver/time/compare.ts';
import type { RequirementState } from '../../../resolver/time/upgrade.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { linkOf, packagePath, queryOf, questionPath } from '../components/addresses.ts';
import { AnswerFooter, Diagnostics, TargetFacts, VerdictLine } from '../components/answer.tsx';
import { PackageChangesList, remarksOn } from '../components/changes.tsx';
import { CopyAlone, CopyLines, toml } from '../components/copy.tsx';
import { Issues } from '../components/issues.tsx';
import { FlagLink } from '../components/links.tsx';
import { copyable, light, Section, sentence, Table } from '../components/text.tsx';
import { AnswerTable, MOST_ROWS, moduleRow, Rest, reasonText, unmetRow } from './answer-table.tsx';
import { ByDate, NOT_THERE, REMOVED, STATES, stateCell } from './by-date.tsx';
import { isMet, moveOf, type Upgrade } from './move.ts';
import { changesText, headlineOf, KINDS } from './move-words.ts';
import { leaveOutOf } from './words.ts';

interface MoveAnswerProps {
  upgrade: Upgrade;
  origin: string;
  /** The format of the wrangler file. */
  kind: 'toml' | 'json';
}

export function MoveAnswer({ upgrade, origin, kind }: MoveAnswerProps) {
  const { answer, sides, at } = upgrade;
  const { verdict, text } = headlineOf(answer, sides, upgrade.unmet);
  const { comparison, issues, remarks } = at;
  const { closure, to, standard_library } = comparison;
  const address = moveOf(upgrade);
  const isLong = linkOf(address) === null;
  const findings = findingsAt(upgrade);
  const unmet = upgrade.unmet.slice(0, MOST_ERRORS).map((issue) => {
    const [name, said, why] = unmetRow(issue);
    // The index is asked for the side that the Worker moves to.
    const [, before] = unmetRow({ ...issue, beyond: null });
    return [name, before, said, why];
  });
  const rows = [...requirementRows(upgrade), ...unmet, ...flagRows(upgrade, findings)];
  const diagnostics = closure ? to.diagnostics.filter(({ severity }) => severity !== 'info') : [];
  return (
    <>
      <VerdictLine kind={KINDS[verdict]} isSaid={false}>
        {copyable(text)}
      </VerdictLine>
      <p id="_changes" class="sentence">
        {copyable(`On ${printable(sides.to)}: ${changesText(comparison)}.`)}
      </p>
      <div class="lines even">
        <SafeDates upgrade={upgrade} kind={kind} />
      </div>
      {rows.length > 0 && (
        <Section id="_closure" title="Before and after">
          <AnswerTable sides={[sides.from, sides.to]} rows={rows} />
          <Rest texts={upgrade.unmet.slice(MOST_ERRORS).map((issue) => issue.package)} />
        </Section>
      )}
      {issues.length > 0 && (
        <Issues issues={issues} again={address} title={`What to do on ${printable(sides.to)}`} />
      )}
      {findings && findings.length > 0 && (
        <Section id="_files" title="In your files">
          <Diagnostics list={findings} most={Infinity} />
        </Section>
      )}
      <Diagnostics list={[...diagnostics, ...remarks]} moved={to.moved_forward} />
      {closure && (
        <details class="group">
          <summary>What changes with the packages that they need</summary>
          <PackageChangesList
            changes={closure}
            builtIn={standard_library.built_in}
            {...flagsOf(comparison)}
            nothing="They stay the same."
          />
        </details>
      )}
      <details class="group">
        <summary>Each compatibility date</summary>
        <ByDate upgrade={upgrade} isLong={isLong} />
      </details>
      {isLong ? (
        <p>
          <a href={questionPath({ ...address, requirements: [] })}>{EVERYTHING}</a>
        </p>
      ) : (
        <details class="group" open={closure === null}>
          <summary>{EVERYTHING}</summary>
          <Everything comparison={comparison} />
        </details>
      )}
      <CopyAlone
        id="_curl"
        caption="The same from the API"
        lines={[`curl '${origin}/v1/compare?${queryOf(address)}'`]}
      />
      <AnswerFooter
        asOf={to.as_of}
        stamp={comparison.registry}
        permanent={linkOf({ ...address, as_of: to.as_of, revision: comparison.registry.revision })}
      />
    </>
  );
}

/** A long question has a link to this instead, as it does not depend on the requirements. */
const EVERYTHING = 'Everything that changes with the runtime and its packages';

/** The issues of a question that has no answer. */
export function RefusedMove({ issues }: { issues: readonly Issue[] }) {
  return (
    <>
      <h1 id="_answer">What changes if I move my date?</h1>
      <Issues issues={issues} />
    </>
  );
}

/** The findings in files on the chosen date; null without files, or if a package flag was chosen. */
function findingsAt({ answer, at, sides, isJudged }: Upgrade): readonly Finding[] | null {
  const day = at.comparison.to.compatibility_date;
  if (!isJudged || day !== sides.to) return null;
  return answer.steps.find(({ from, to }) => from <= day && day <= to)?.findings ?? null;
}

/** A row for each requirement, those that stay the same last; of many, the first. */
function requirementRows({ answer: { requirements }, at }: Upgrade): Child[][] {
  const { before, after, providedIn, comparison, issues } = at;
  const changed = new Map(comparison.closure?.changed.map((change) => [change.name, change]));
  const messages = new Map(
    issues.flatMap((issue) => placesOf(issue).map((index) => [index, whyNot(issue)] as const)),
  );
  const order = sortedBy(requirements.keys(), (index) => Number(after[index]!.verdict === 'same'));
  const rows = order.slice(0, MOST_ROWS).map((index) => {
    const { text, name } = requirements[index]!;
    const { version } = before[index]!;
    const state = after[index]!;
    const was = version === null && isMet(before[index]!) ? providedIn(name, comparison.from) : null;
    const is = state.version === null && isMet(state) ? providedIn(name, comparison.to) : null;
    const [, cell, why] = is ? moduleRow(is) : [];
    const isLost = was && state.version === null && state.verdict === 'fails';
    const isNew = version === null && state.verdict === 'changes';
    return [
      light('code', {}, [printable(text)]),
      was ? moduleRow(was)[1] : version === null ? NOT_THERE : printable(version),
      cell ?? (isLost ? REMOVED : stateCell(state, packagePath(name, comparison.to.package_set.flag))),
      why ??
        (isNew ? NEW[was ? 'module' : 'nothing'] : whyText(state, messages.get(index), changed.get(name))),
    ];
  });
  const more = order.slice(MOST_ROWS).map((index) => requirements[index]!.text);
  if (more.length === 0) return rows;
  return [...rows, [`And ${more.length} more`, '', '', printable(more.join(', '))]];
}

/** By what there was before. */
const NEW = { module: 'now a package', nothing: 'now there' };

const whyNot = (issue: Issue) => {
  const known = leaveOutOf(issue);
  return known ? reasonText(known) : issue.message;
};

function whyText({ verdict }: RequirementState, message: string | undefined, change?: VersionChange): Child {
  if (verdict === 'excluded') return 'Its marker leaves it out.';
  if (verdict === 'fails') return sentence(message ?? 'It is not met.');
  if (verdict === 'same') return change ? 'the same version, in another file' : 'the same';
  return (change && remarksOn(change)) || 'another version';
}

/** The flags that switch between the two sides, with what each may change in code, and an example as a diff. */
function flagRows({ at }: Upgrade, findings: readonly Finding[] | null) {
  const isSeen = (flag: string) => findings?.some(({ message }) => message.includes(` ${flag} is `));
  return at.comparison.flags.filter(mayAffectCode).map(({ flag, on, date, effect }: FlagSwitch) => ({
    id: `_code_${flag}`,
    cells: [
      <FlagLink flag={flag} />,
      on ? 'off' : 'on',
      [STATES.changes, copyable(on ? `on from ${date}` : `off before ${date}`)],
      <>
        {effect?.does ?? 'Its effect is not known.'}{' '}
        {isSeen(flag)
          ? 'Your files show it: see below.'
          : findings && effect
            ? 'Nothing in your files shows it.'
            : effect?.changes.join(' ')}
        {effect && effect.diff.length > 0 && (
          <CopyAlone
            id={`_diff_${flag}`}
            caption={`An example of the change for ${flag}`}
            lines={effect.diff}
          />
        )}
      </>,
    ],
  }));
}

/** The newest date without changes and, if it is newer, the newest at which all requirements are met. */
function SafeDates({ upgrade, kind }: Pick<MoveAnswerProps, 'upgrade' | 'kind'>) {
  const { answer, isJudged, unmet } = upgrade;
  const { newest_same: same, newest_working: working, requirements } = answer;
  const whose = `all ${unmet.length > 0 ? 'others' : 'requirements'} are met`;
  const caption = `The newest date at which ${whose}${isJudged ? ', and your code does not fail' : ''}`;
  const lines = (date: string) => [lineOf(date, kind)];
  return (
    <>
      {same && (
        <CopyLines id="_safe" caption="The newest date at which nothing changes" lines={lines(same)} />
      )}
      {working && working !== same && requirements.length > 0 && (
        <CopyLines id="_working" caption={caption} lines={lines(working)} />
      )}
    </>
  );
}

function lineOf(date: string, kind: 'toml' | 'json'): string {
  return kind === 'json' ? `"compatibility_date": ${toml(date)},` : `compatibility_date = ${toml(date)}`;
}

/** The changes beyond the question: the runtime, its packages, and all flags. */
function Everything({ comparison }: { comparison: CompareAnswer }) {
  const { from, to, packages, flags } = comparison;
  return (
    <>
      <Side title="From" target={from} />
      <Side title="To" target={to} />
      <h3>Packages of the set</h3>
      <PackageChangesList changes={packages} {...flagsOf(comparison)} />
      <StandardLibrary answer={comparison} />
      <FlagSwitches switches={flags} />
    </>
  );
}

const flagsOf = ({ from, to }: CompareAnswer) => ({
  from: from.package_set.flag,
  to: to.package_set.flag,
});

function Side({ title, target }: { title: string; target: Target }) {
  return (
    <>
      <h3>
        {title} <span class="whole">{target.compatibility_date}</span>
      </h3>
      <TargetFacts target={target} />
      <Diagnostics list={target.diagnostics} moved={target.moved_forward} />
    </>
  );
}

function StandardLibrary({ answer: { standard_library } }: { answer: CompareAnswer }) {
  const { removed, added, built_in, reduced } = standard_library;
  const said = Object.entries({
    Removed: removed,
    New: added,
    'Built into Python, without a package of the set': built_in,
  });
  if (Object.values(standard_library).every((names) => names.length === 0)) return null;
  return (
    <>
      <h3>Standard library</h3>
      {said.map(([what, names]) => names.length > 0 && <p>{`${what}: ${printable(names.join(', '))}.`}</p>)}
      {reduced.length > 0 && (
        <p>
          Without what a package of the set added: {printable(reduced.join(', '))}. What cannot be done:{' '}
          <a href="/stdlib#_limits">standard library</a>.
        </p>
      )}
    </>
  );
}

/** The flags that turn on or off by their dates between the two sides, those about Python first. */
function FlagSwitches({ switches }: { switches: readonly FlagSwitch[] }) {
  if (switches.length === 0) return null;
  return (
    <details class="group">
      <summary>
        {switches.length} flags that turn {switches[0]!.on ? 'on' : 'off'} by date, of which{' '}
        {switches.filter(({ python }) => python).length} are about Python
      </summary>
      <Table
        class="codes"
        columns={['Flag', 'From', 'Because of', 'Disabled by']}
        rows={switches.map(({ flag, date, implied_by, disable }) => [
          <FlagLink flag={flag} />,
          <td class="whole">{date}</td>,
          implied_by.length === 0 ? 'its date' : printable(`its date with ${implied_by.join(', ')}`),
          disable !== null && <code>{printable(disable)}</code>,
        ])}
      />
    </details>
  );
}
