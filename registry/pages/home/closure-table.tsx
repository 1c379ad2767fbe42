import type { ResolveAnswer, ResolvedPackage } from '../../../resolver/answer.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { FileLink } from '../parts/file-link.tsx';
import { packagePath } from '../parts/links.ts';
import { Patcher } from '../parts/patcher.tsx';
import { Diagnostics } from '../parts/target-answer.tsx';
import { packages, sizeOf } from '../parts/words.ts';

/** Every package that the requirements need, in load order, and why it is there. */
export function ClosureTable({ closure }: { closure: ResolveAnswer }) {
  const { target, totals, diagnostics } = closure;
  const requested = closure.packages.filter((one) => one.requested).length;
  const patched = closure.packages.some(({ wheel }) => wheel.patched);
  return (
    <section aria-labelledby="_closure">
      <h2 id="_closure">
        {packages(totals.packages)}
        {totals.packages > 0 && `: ${requested} requested, ${totals.packages - requested} needed by them`}
      </h2>
      <Diagnostics target={{ diagnostics, moved_forward: null }} />
      {closure.packages.length > 0 && (
        <table>
          <caption>
            In load order, dependencies first{totals.size !== null && `; ${sizeOf(totals.size)} in all`}
          </caption>
          <thead>
            <tr>
              <th scope="col">Package</th>
              <th scope="col">Version</th>
              <th scope="col">Why</th>
              {patched && <th scope="col">Patched by</th>}
              <th scope="col">File</th>
            </tr>
          </thead>
          <tbody>
            {closure.packages.map((one) => (
              <tr>
                <th scope="row">
                  <a href={packagePath(one.name, target.package_set.flag)}>{printable(one.name)}</a>
                </th>
                <td>{printable(one.version)}</td>
                <td class="quiet">{printable(whyOf(one))}</td>
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
      )}
    </section>
  );
}

function whyOf({ requested, required_by }: ResolvedPackage): string {
  const needed = required_by.length > 0 ? `required by ${required_by.join(', ')}` : '';
  return [requested ? 'requested' : '', needed].filter(Boolean).join(', ');
}
