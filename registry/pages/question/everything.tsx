/** The changes from one side of a move to the other beyond the question: the runtime, its packages, and all flags. */
import type { CompareAnswer, Target } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { FlagSwitch } from '../../../resolver/time/answers.ts';
import { Diagnostics, TargetFacts } from '../components/answer.tsx';
import { PackageChangesList } from '../components/changes.tsx';
import { FlagLink } from '../components/links.tsx';
import { Table } from '../components/text.tsx';

export function Everything({ comparison }: { comparison: CompareAnswer }) {
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

export const flagsOf = ({ from, to }: CompareAnswer) => ({
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
          <td>{date}</td>,
          implied_by.length === 0 ? 'its date' : printable(`its date with ${implied_by.join(', ')}`),
          disable !== null && <code>{printable(disable)}</code>,
        ])}
      />
    </details>
  );
}
