import type { CompareAnswer, Target } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { breakable } from '../components/breakable.ts';
import { PackageChangesList } from '../components/changes.tsx';
import { LONGEST_ADDRESS } from '../components/links.ts';
import { Sentence } from '../components/sentence.tsx';
import { SetLink } from '../components/set-link.ts';
import { Diagnostics } from '../components/target-answer.tsx';
import { addressOfUpgrade } from './address.ts';
import type { Upgrade } from './answer.ts';
import { FlagSwitches } from './flag-switches.tsx';
import { changesText } from './verdict.ts';

/** The changes at the chosen date: for the requirements, and, collapsed, for the whole runtime. */
export function ArrivalSection({ upgrade }: { upgrade: Upgrade }) {
  const { comparison } = upgrade.at;
  const { closure, to } = comparison;
  const diagnostics = to.diagnostics.filter(({ severity }) => severity !== 'info');
  return (
    <section aria-labelledby="_changes">
      <h2 id="_changes">
        On {breakable(upgrade.sides.to)}: {changesText(comparison)}
      </h2>
      {closure && (
        <PackageChangesList
          changes={closure}
          {...flagsOf(comparison)}
          nothing="Your packages stay the same."
        />
      )}
      {closure && <Diagnostics target={{ ...to, diagnostics }} />}
      {addressOfUpgrade(upgrade).length > LONGEST_ADDRESS ? (
        <p>
          <a href={addressOfUpgrade({ ...upgrade, asking: { ...upgrade.asking, requirements: [] } })}>
            {EVERYTHING}
          </a>
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

/** A long question has a link to this instead, as it does not depend on the requirements. */
const EVERYTHING = 'Everything that changes with the runtime and its packages';

function Everything({ comparison }: { comparison: CompareAnswer }) {
  const { from, to, packages, flags } = comparison;
  return (
    <>
      <div class="facts even">
        <Side title="From" target={from} other={to} />
        <Side title="To" target={to} other={from} />
      </div>
      <h3>Packages of the set</h3>
      <PackageChangesList changes={packages} {...flagsOf(comparison)} nothing="No package differs." />
      <StandardLibrary answer={comparison} />
      <FlagSwitches switches={flags} />
    </>
  );
}

const flagsOf = ({ from, to }: CompareAnswer) => ({ from: from.package_set.flag, to: to.package_set.flag });

/** Changes are bold. */
function Side({ title, target, other }: { title: string; target: Target; other: Target }) {
  const { compatibility_date, runtime, package_set, reasons } = target;
  return (
    <div>
      <p class="detail">{title}</p>
      <h3 class="flush">
        <span class="whole">{compatibility_date}</span>
      </h3>
      <dl class="pairs close">
        <dt>Python</dt>
        <dd>{marked(runtime.python, other.runtime.python)}</dd>
        <dt>Pyodide</dt>
        <dd>{marked(runtime.pyodide, other.runtime.pyodide)}</dd>
        <dt>Package set</dt>
        <dd>
          <SetLink flag={package_set.flag} />
        </dd>
        <dt>Why</dt>
        <dd>
          <Sentence text={reasons.runtime.message} /> <Sentence text={reasons.package_set.message} />
        </dd>
      </dl>
      <Diagnostics target={target} />
    </div>
  );
}

function marked(value: string, other: string) {
  return value === other ? printable(value) : <strong>{printable(value)}</strong>;
}

function StandardLibrary({ answer: { standard_library } }: { answer: CompareAnswer }) {
  const { removed, added } = standard_library;
  if (removed.length + added.length === 0) return null;
  return (
    <>
      <h3>Modules of the standard library that are packages</h3>
      {removed.length > 0 && <p>No longer packages of the set: {printable(removed.join(', '))}.</p>}
      {added.length > 0 && <p>Now packages of the set: {printable(added.join(', '))}.</p>}
    </>
  );
}
