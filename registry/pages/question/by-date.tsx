import type { Child } from 'hono/jsx';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { RequirementState, UpgradeAnswer, UpgradeStep } from '../../../resolver/time/upgrade.ts';
import { packagePath, questionPath } from '../components/addresses.ts';
import { FlagLink, YANKED_MARK } from '../components/links.tsx';
import { light, linkTo, markOf, sentence, Table } from '../components/text.tsx';
import { spanText } from '../components/words.ts';
import { MOST_ROWS } from './answer-table.tsx';
import { moveOf, type Upgrade } from './move.ts';
import { KINDS, MARKS, stepText } from './move-words.ts';

/** Each requirement, and each flag that may affect code, over all compatibility dates. */
export function ByDate({ upgrade, isLong }: { upgrade: Upgrade; isLong: boolean }) {
  const { answer, at } = upgrade;
  const { requirements } = answer;
  const steps = answer.steps.toReversed();
  const explained = new Set(at.comparison.flags.map(({ flag }) => flag));
  const flags = new Set(steps.flatMap((step) => step.flags.map(({ flag }) => flag)));
  const own = answer.from.compatibility_date;
  const { compatibility_date: to, as_of } = at.comparison.to;
  const rows = shownRows(answer);
  const more = requirements.length - rows.length;
  const holds = ({ from, to: last }: UpgradeStep, day: string) => from <= day && day <= last;
  const heads = steps.map((step) => {
    const dates = spanText(step, as_of);
    const isShown = holds(step, to) ? 'date' : undefined;
    const name = [
      // The form of a question that is too long for a link asks again.
      isLong ? (
        <span>{sentence(dates)}</span>
      ) : (
        <a href={questionPath(moveOf(upgrade, { to: step.to }))} data-to={step.to} aria-current={isShown}>
          {sentence(dates)}
        </a>
      ),
      ' ',
      <span class="detail">
        Python {minorOf(step.target.runtime.python)}
        {holds(step, own) && ' · now'}
      </span>,
    ];
    return { name, style: 'state', label: `${dates}:` };
  });
  const overall = steps.map((step) => (
    <strong class={KINDS[step.verdict]}>
      {markOf(MARKS[step.verdict][0])}
      {stepText(step, answer.from)}
    </strong>
  ));
  return (
    <Table
      class="steps"
      caption={[STATES.same, 'the same, ', STATES.changes, 'another version, ', STATES.fails, 'fails']}
      columns={['Requirement', ...heads]}
      rows={[
        ['Overall', ...overall],
        ...rows.map((index) => [
          light('code', {}, [printable(requirements[index]!.text)]),
          ...steps.map((step) =>
            stateCell(
              step.requirements[index]!,
              packagePath(requirements[index]!.name, step.target.package_set.flag),
            ),
          ),
        ]),
        ...(more > 0
          ? [[`And ${more} more`, <td colspan={steps.length}>The first row counts them, too.</td>]]
          : []),
        ...[...flags].map((name) => [
          <FlagLink flag={name} />,
          ...steps.map((step) => {
            if (step.flags.every(({ flag }) => flag !== name)) return [STATES.same, 'the same'];
            return [
              STATES.changes,
              explained.has(name) ? linkTo(`#_code_${name}`, 'your code') : 'your code',
            ];
          }),
        ]),
      ]}
    />
  );
}

export const STATES = {
  same: markOf(MARKS.same[0], KINDS.same),
  changes: markOf(MARKS.changes[0], KINDS.changes),
  fails: markOf(MARKS.fails[0], KINDS.fails),
};

export const NOT_THERE = light('span', { class: 'no' }, ['not there']);
const PROVIDED = light('span', { class: 'yes' }, ['provided']);
export const REMOVED = light('span', { class: 'no' }, [markOf(MARKS.fails[0]), 'removed']);

/** The version of a requirement, with what becomes of it. */
export function stateCell({ verdict, version, yanked }: RequirementState, href: string): Child {
  if (verdict === 'excluded') return <span class="muted">not asked for</span>;
  const said = MARKS[verdict][1];
  // A requirement that is met without a version is a module of the runtime.
  const none = verdict === 'fails' ? NOT_THERE : PROVIDED;
  const shown = version === null ? none : linkTo(href, printable(version), { unseen: said });
  return [STATES[verdict], shown, yanked && YANKED_MARK];
}

/** The indexes of the requirements that have a row: if there are too many, the first that differ from date to date. */
function shownRows({ requirements, steps }: UpgradeAnswer): number[] {
  const all = [...requirements.keys()];
  if (all.length <= MOST_ROWS) return all;
  const differs = (at: number) => {
    const [first, ...others] = steps.map((step) => step.requirements[at]!);
    return others.some(({ verdict, version }) => verdict !== first!.verdict || version !== first!.version);
  };
  return all.filter(differs).slice(0, MOST_ROWS);
}
