import type { ResolveAnswer, ResolvedPackage } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { FileLink } from '../components/file-link.ts';
import { packagePath } from '../components/links.ts';
import { Patcher } from '../components/patcher.tsx';
import { Diagnostics } from '../components/target-answer.tsx';
import { packages, sizeOf } from '../components/words.ts';

/** The requested packages, and their dependencies, collapsed, in load order. */
export function Closure({ closure }: { closure: ResolveAnswer }) {
  const { totals, diagnostics } = closure;
  const requested = closure.packages.filter((one) => one.requested);
  const needed = closure.packages.filter((one) => !one.requested);
  return (
    <section aria-labelledby="_closure">
      <h2 id="_closure">
        {requested.length === 1 ? 'The package that you asked for' : 'The packages that you asked for'}
      </h2>
      {requested.length > 0 && <PackageTable list={requested} closure={closure} />}
      {needed.length > 0 && (
        <details class="group">
          <summary>
            {packages(needed.length)} that {requested.length === 1 ? 'it needs' : 'they need'}
            {totals.size !== null && `; ${sizeOf(totals.size)} in all`}
          </summary>
          <PackageTable list={needed} closure={closure} />
        </details>
      )}
      <Diagnostics target={{ diagnostics, moved_forward: null }} />
    </section>
  );
}

function PackageTable({ list, closure }: { list: readonly ResolvedPackage[]; closure: ResolveAnswer }) {
  const patched = list.some(({ wheel }) => wheel.patched);
  const needed = list.some(({ required_by }) => required_by.length > 0);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Package</th>
          <th scope="col">Version</th>
          {needed && <th scope="col">Needed by</th>}
          {patched && <th scope="col">Patched by</th>}
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        {list.map((one) => (
          <tr>
            <th scope="row">
              <a href={packagePath(one.name, closure.target.package_set.flag)}>{printable(one.name)}</a>
            </th>
            <td>{printable(one.version)}</td>
            {needed && (
              <td class="quiet" data-label="Needed by">
                {printable(one.required_by.join(', '))}
              </td>
            )}
            {patched && (
              <td data-label="Patched by">
                <Patcher patched={one.wheel.patched} />
              </td>
            )}
            <td class="file" data-label="File">
              <FileLink wheel={one.wheel} of={one.name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
