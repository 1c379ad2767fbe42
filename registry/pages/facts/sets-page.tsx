import { DATA_LICENCES, publisherOf } from '../../../resolver/provenance.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { type Dated, FactPage } from '../components/document.tsx';
import { SetLink, YANKED } from '../components/links.tsx';
import { Commas, Section, sentence, Table } from '../components/text.tsx';
import { datesBySet, type SetDates, setsByPython, workerdRuntimes } from './listing.ts';

interface SetsPageProps extends Dated {
  /** The number of packages of each set, by its revision. */
  counts: ReadonlyMap<number, number>;
}

/** Every package set, by Python, the newest first. */
export function SetsPage({ view, counts, asOf }: SetsPageProps) {
  const datesOf = datesBySet(view, asOf);
  const included = new Set(workerdRuntimes(view, asOf).map(({ id }) => id));
  return (
    <FactPage
      title="Package sets"
      description="Every package set of Python Workers: its Python, its Pyodide, and the compatibility dates that give it."
      place="/sets"
      {...{ view, asOf }}
    >
      <p class="prose">
        A <dfn>package set</dfn> pins each of its packages to one file, and never changes. A compatibility
        date alone selects a few of them; every other one is selected only if you name its{' '}
        <dfn>package flag</dfn>, such as <code>python_3.13_packages_2025_08_08</code>. It tells Pinwheel to
        use that set. workerd does not know it, so it does not go into a wrangler file.
      </p>
      <p class="prose">
        Some sets are made for a Pyodide that is in no workerd release: <code>pinwheel build</code> makes a
        Worker that carries it.
      </p>
      <p class="prose" id="_yanked">
        The publisher of a <dfn>yanked</dfn> set or file advises against it, and says why. It can still be
        read and named, but answers warn of it, and no later compatibility date selects a yanked set.
      </p>
      {setsByPython(view.sets.values()).map(([python, sets]) => (
        <Section id={`_${python}`} title={`Python ${printable(python)}`}>
          <Table
            columns={['Package flag', 'Packages', 'Selected at', 'For', 'Dated']}
            rows={sets.map((set) => [
              [<SetLink flag={set.flag} />, view.yankedSets.has(set.flag) && [', ', YANKED]],
              counts.get(set.revision),
              <Dates dates={datesOf(set.flag)} />,
              [
                `Pyodide ${printable(set.runtime)}, ABI ${printable(set.abi)}`,
                !included.has(set.runtime) && <span class="detail"> in no workerd release</span>,
              ],
              [<span class="whole">{set.released}</span>, ` by ${publisherOf(set.source)}`],
            ])}
          />
        </Section>
      ))}
      <Section id="_sources" title="Sources and licences">
        <p class="prose">{DATA_LICENCES} Each set’s page names the file that it was read from.</p>
      </Section>
    </FactPage>
  );
}

/** The dates that select a set without its flag. */
export function Dates({ dates }: { dates: readonly SetDates[] }) {
  if (dates.length === 0) return <span class="muted">no date</span>;
  const items = dates.map(({ text, isNow }) =>
    isNow ? <strong class="yes">{sentence(text)}</strong> : sentence(text),
  );
  return <Commas items={items} />;
}
