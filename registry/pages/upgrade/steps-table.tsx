import type { Child } from 'hono/jsx';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { RequirementState, UpgradeAnswer, UpgradeStep } from '../../../resolver/time/upgrade.ts';
import { LONGEST_ADDRESS, packagePath, questionPath } from '../components/addresses.ts';
import { FlagLink, YANKED_MARK } from '../components/links.tsx';
import { Mark, Sentence } from '../components/text.tsx';
import { spanText } from '../components/words.ts';
import { moveOf, type Upgrade } from './answer.ts';
import { KINDS, MARKS, stepText } from './verdict.ts';

/** At most this many requirements have a row; the rest are counted. */
const MOST_ROWS = 50;

/** Each requirement over all compatibility dates. */
export function StepsTable({ upgrade }: { upgrade: Upgrade }) {
  const { answer, at } = upgrade;
  const { requirements } = answer;
  const steps = answer.steps.toReversed();
  const explained = new Set(at.comparison.flags.map(({ flag }) => flag));
  const flags = new Set(steps.flatMap((step) => step.flags.map(({ flag }) => flag)));
  const own = answer.from.compatibility_date;
  const to = at.comparison.to.compatibility_date;
  const datesOf = (step: UpgradeStep) => spanText(step, at.comparison.to.as_of);
  const rows = shownRows(answer);
  const more = requirements.length - rows.length;
  const holds = ({ from, to: last }: UpgradeStep, day: string) => from <= day && day <= last;
  return (
    <table class="steps">
      <caption>
        Each requirement by compatibility date: <span class="yes">✓</span> the same,{' '}
        <span class="part">◐</span> another version, <span class="no">✕</span> fails
      </caption>
      <thead>
        <tr>
          <th scope="col">Requirement</th>
          {steps.map((step) => (
            <th scope="col" class={holds(step, to) ? 'chosen' : undefined}>
              <StepLink upgrade={upgrade} to={step.to}>
                <Sentence text={datesOf(step)} />
              </StepLink>{' '}
              <span class="detail">
                Python {minorOf(step.target.runtime.python)}
                {holds(step, own) && ' · now'}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Overall</th>
          {steps.map((step) => (
            <td class={`state ${KINDS[step.verdict]}`} data-label={`${datesOf(step)}:`}>
              <strong>
                <Mark mark={MARKS[step.verdict][0]} />
                {stepText(step, answer.from)}
              </strong>
            </td>
          ))}
        </tr>
        {rows.map((index) => (
          <tr>
            <th scope="row">
              <code>{printable(requirements[index]!.text)}</code>
            </th>
            {steps.map((step) => (
              <td class="state" data-label={`${datesOf(step)}:`}>
                <State
                  state={step.requirements[index]!}
                  href={packagePath(requirements[index]!.name, step.target.package_set.flag)}
                />
              </td>
            ))}
          </tr>
        ))}
        {[...flags].map((name) => (
          <tr>
            <th scope="row">
              <FlagLink flag={name} />
            </th>
            {steps.map((step) => {
              const isOpen = step.flags.some(({ flag }) => flag === name);
              return (
                <td class="state" data-label={`${datesOf(step)}:`}>
                  <Mark kind={isOpen ? 'part' : 'yes'} mark={isOpen ? '◐' : '✓'} />
                  {isOpen && explained.has(name) && <a href={`#_code_${name}`}>your code</a>}
                  {isOpen && !explained.has(name) && 'your code'}
                  {!isOpen && 'the same'}
                </td>
              );
            })}
          </tr>
        ))}
        {more > 0 && (
          <tr>
            <th scope="row">And {more} more</th>
            <td colspan={steps.length}>The first row counts them, too.</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** The indexes of the requirements that have a row: if there are too many, those that stay the same come last. */
function shownRows({ requirements, steps }: UpgradeAnswer): number[] {
  const all = [...requirements.keys()];
  if (all.length <= MOST_ROWS) return all;
  const isSame = (at: number) => steps.every((step) => step.requirements[at]!.verdict === 'same');
  const same = new Set(all.filter(isSame));
  return [...all.filter((at) => !same.has(at)), ...same].slice(0, MOST_ROWS);
}

/** A question that is too long for a link is asked again by its form. */
function StepLink({ upgrade, to, children }: { upgrade: Upgrade; to: string; children?: Child }) {
  const address = questionPath(moveOf(upgrade, { to }));
  if (address.length > LONGEST_ADDRESS) return <>{children}</>;
  return (
    <a href={address} data-to={to}>
      {children}
    </a>
  );
}

function State({ state, href }: { state: RequirementState; href: string }) {
  const { verdict, version, yanked } = state;
  if (verdict === 'excluded') return <span class="muted">not asked for</span>;
  const [mark, said] = MARKS[verdict];
  return (
    <>
      <Mark kind={KINDS[verdict]} mark={mark} />
      {version === null ? <span class="no">not there</span> : <a href={href}>{printable(version)}</a>}
      <span class="unseen"> {said}</span>
      {yanked && YANKED_MARK}
    </>
  );
}
