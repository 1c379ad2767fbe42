import { minorOf } from '../../../resolver/compatibility/view.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { RequirementState, UpgradeStep } from '../../../resolver/time/upgrade.ts';
import { packagePath } from '../components/links.ts';
import { Sentence } from '../components/sentence.tsx';
import { spanText } from '../components/span-text.ts';
import { addressOfUpgrade } from './address.ts';
import type { Upgrade } from './answer.ts';
import { KINDS, MARKS, stepText } from './verdict.ts';

/** Each requirement over all compatibility dates. */
export function StepsTable({ upgrade }: { upgrade: Upgrade }) {
  const { answer, at } = upgrade;
  const { steps, requirements } = answer;
  const own = answer.from.compatibility_date;
  const to = at.comparison.to.compatibility_date;
  const datesOf = (step: UpgradeStep) => spanText(step, at.comparison.to.as_of);
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
              <a href={addressOfUpgrade(upgrade, { to: step.to })} data-to={step.to}>
                <Sentence text={datesOf(step)} />
              </a>
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
          {steps.map((step) => {
            const [mark] = MARKS[step.verdict];
            return (
              <td class={`state ${KINDS[step.verdict]}`} data-label={`${datesOf(step)}:`}>
                <strong>
                  <span aria-hidden="true">{mark}</span> {stepText(step)}
                </strong>
              </td>
            );
          })}
        </tr>
        {requirements.map((requirement, index) => (
          <tr>
            <th scope="row">
              <code>{printable(requirement.text)}</code>
            </th>
            {steps.map((step) => (
              <td class="state" data-label={`${datesOf(step)}:`}>
                <State
                  state={step.requirements[index]!}
                  href={packagePath(requirement.name, step.target.package_set.flag)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ state: { verdict, version }, href }: { state: RequirementState; href: string }) {
  if (verdict === 'excluded') return <span class="muted">not asked for</span>;
  const [mark, said] = MARKS[verdict];
  return (
    <>
      <span class={KINDS[verdict]} aria-hidden="true">
        {mark}
      </span>{' '}
      {version === null ? <span class="no">not there</span> : <a href={href}>{printable(version)}</a>}
      <span class="unseen"> {said}</span>
    </>
  );
}
