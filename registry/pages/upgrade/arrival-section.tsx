import type { CompareAnswer, Target } from '../../../resolver/index.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { FlagSwitch } from '../../../resolver/time/answers.ts';
import { mayAffectCode } from '../../../resolver/time/compare.ts';
import { LONGEST_ADDRESS, questionPath } from '../components/addresses.ts';
import { Diagnostics } from '../components/answer.tsx';
import { PackageChangesList } from '../components/changes.tsx';
import { CopyAlone } from '../components/copy.tsx';
import { FlagLink, SetLink } from '../components/links.tsx';
import { breakable, Sentence, Table } from '../components/text.tsx';
import { moveOf, type Upgrade } from './answer.ts';
import { changesText } from './verdict.ts';

/** The changes at the chosen date: for the requirements, and, collapsed, for the whole runtime. */
export function ArrivalSection({
  upgrade,
  findings,
}: {
  upgrade: Upgrade;
  /** Findings in the files of a project; null without a project. */
  findings: readonly Finding[] | null;
}) {
  const { comparison } = upgrade.at;
  const { closure, to, flags } = comparison;
  const diagnostics = to.diagnostics.filter(({ severity }) => severity !== 'info');
  return (
    <section aria-labelledby="_changes">
      <h2 id="_changes">
        On {breakable(upgrade.sides.to)}: {changesText(comparison)}
      </h2>
      {closure && (
        <PackageChangesList
          changes={closure}
          builtIn={comparison.standard_library.built_in}
          {...flagsOf(comparison)}
          nothing="Your packages stay the same."
        />
      )}
      {closure && <Diagnostics target={{ ...to, diagnostics }} />}
      <CodeChanges switches={flags.filter(mayAffectCode)} findings={findings} />
      {questionPath(moveOf(upgrade)).length > LONGEST_ADDRESS ? (
        <p>
          <a href={questionPath(moveOf(upgrade, { requirements: [] }))}>{EVERYTHING}</a>
        </p>
      ) : (
        <details class="group" open={closure === null}>
          <summary>{EVERYTHING}</summary>
          <Everything comparison={comparison} />
        </details>
      )}
    </section>
  );
}

/** What flags that switch between the two sides may change in the code of a Worker, each with an example as a diff. */
function CodeChanges({
  switches,
  findings,
}: {
  switches: readonly FlagSwitch[];
  findings: readonly Finding[] | null;
}) {
  if (switches.length === 0) return null;
  const isSeen = (flag: string) => findings?.some(({ message }) => message.includes(` ${flag} is `));
  return (
    <section aria-labelledby="_code">
      <h3 id="_code">What flags may change in your code</h3>
      {switches.map(({ flag, on, date, effect }) => (
        <div class="operation" id={`_code_${flag}`}>
          <p>
            <FlagLink flag={flag} />, {on ? 'on from' : 'off before'} {date}:{' '}
            {effect?.does ?? 'Its effect is not known.'}{' '}
            {isSeen(flag)
              ? 'Your files show it: see above.'
              : findings && effect
                ? 'Nothing in your files shows it.'
                : effect?.changes.join(' ')}
          </p>
          {effect && effect.diff.length > 0 && (
            <CopyAlone id={`_diff_${flag}`} caption="An example of the change" lines={effect.diff} />
          )}
        </div>
      ))}
    </section>
  );
}

/** A long question has a link to this instead, as it does not depend on the requirements. */
const EVERYTHING = 'Everything that changes with the runtime and its packages';

function Everything({ comparison }: { comparison: CompareAnswer }) {
  const { from, to, packages, flags } = comparison;
  return (
    <>
      <div class="facts even">
        <Side title="From" target={from} />
        <Side title="To" target={to} />
      </div>
      <h3>Packages of the set</h3>
      <PackageChangesList changes={packages} {...flagsOf(comparison)} nothing="No package differs." />
      <StandardLibrary answer={comparison} />
      <FlagSwitches switches={flags} />
    </>
  );
}

const flagsOf = ({ from, to }: CompareAnswer) => ({ from: from.package_set.flag, to: to.package_set.flag });

/** One side of an upgrade, with its reasons. */
function Side({ title, target }: { title: string; target: Target }) {
  const { compatibility_date, runtime, package_set, reasons } = target;
  return (
    <div>
      <h3 class="flush">
        {title} <span class="whole">{compatibility_date}</span>
      </h3>
      <p>
        Python {printable(runtime.python)}, Pyodide {printable(runtime.pyodide)},{' '}
        <SetLink flag={package_set.flag} />
      </p>
      <p class="quiet">
        <Sentence text={reasons.runtime.message} /> <Sentence text={reasons.package_set.message} />
      </p>
      <Diagnostics target={target} />
    </div>
  );
}

function StandardLibrary({ answer: { standard_library } }: { answer: CompareAnswer }) {
  const { removed, added, built_in, reduced } = standard_library;
  if (Object.values(standard_library).every((names) => names.length === 0)) return null;
  return (
    <>
      <h3>Standard library</h3>
      {removed.length > 0 && <p>Removed: {printable(removed.join(', '))}.</p>}
      {added.length > 0 && <p>New: {printable(added.join(', '))}.</p>}
      {built_in.length > 0 && (
        <p>Built into Python, without a package of the set: {printable(built_in.join(', '))}.</p>
      )}
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
