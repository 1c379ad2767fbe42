import type { CatalogSet } from '../../../resolver/catalog.ts';
import { type CatalogView, minorOf } from '../../../resolver/compatibility/view.ts';
import { publisherOf } from '../../../resolver/provenance/source.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { Document } from '../parts/document.tsx';
import { SetLink } from '../parts/set-link.tsx';
import { Standing } from '../parts/standing.tsx';

/** Every package set, by Python, the newest first. */
export function SetsPage({ view, asOf }: { view: CatalogView; asOf: string }) {
  const newestFirst = [...view.sets.values()].sort((a, b) =>
    a.released + a.flag < b.released + b.flag ? 1 : -1,
  );
  const byPython = [...Map.groupBy(newestFirst, ({ python }) => minorOf(python))];
  byPython.sort(([a], [b]) => Number(b.slice(2)) - Number(a.slice(2)));
  return (
    <Document title="Package sets · Pinwheel" place="/sets">
      <h1>Package sets</h1>
      <p class="prose">
        A package set pins each of its packages to one file, and never changes. Its package flag names it
        exactly; without one, a Worker gets the set of its runtime, or a release of Pinwheel’s own that is the
        default from a compatibility date on because it takes nothing away.
      </p>
      {byPython.map(([python, sets]) => (
        <section aria-labelledby={`_${python}`}>
          <h2 id={`_${python}`}>Python {printable(python)}</h2>
          <SetTable sets={sets} />
        </section>
      ))}
      <Standing asOf={asOf} stamp={view.stamp} permanent={`/sets?revision=${view.stamp.revision}`} />
    </Document>
  );
}

function SetTable({ sets }: { sets: readonly CatalogSet[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Package flag</th>
          <th scope="col">Packages</th>
          <th scope="col">For</th>
          <th scope="col">Released</th>
          <th scope="col">Default</th>
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <tr>
            <th scope="row">
              <SetLink flag={set.flag} />
            </th>
            <td>{set.package_count}</td>
            <td data-label="For">
              Pyodide {printable(set.runtime)}, ABI {printable(set.abi)}
            </td>
            <td data-label="Released">
              {set.released} by {publisherOf(set.source)}
            </td>
            <td data-label="Default">
              {set.default_from === null
                ? 'by its flag alone'
                : set.source.registry === 'pinwheel'
                  ? `from ${set.default_from}`
                  : `of Pyodide ${printable(set.runtime)}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
