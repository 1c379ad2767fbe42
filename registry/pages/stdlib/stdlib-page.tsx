import type { RegistryStamp } from '../../../resolver/answer.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { Document } from '../parts/document.tsx';
import { packagePath } from '../parts/links.ts';
import { Standing } from '../parts/standing.tsx';
import type { Column } from './columns.ts';
import type { Limit } from './library.ts';

interface StdlibPageProps {
  columns: readonly Column[];
  asOf: string;
  stamp: RegistryStamp;
}

/** Which modules of the standard library work in each runtime, in part, or not at all. */
export function StdlibPage({ columns, asOf, stamp }: StdlibPageProps) {
  const all = new Set(columns.flatMap(({ library }) => [...library.modules, ...library.missing]));
  const stands = [...all]
    .sort()
    .map((module) => ({ module, states: columns.map((one) => stateOf(module, one)) }));
  const limited = stands.filter(({ states }) =>
    states.some(({ kind }) => kind !== 'works' && kind !== 'none'),
  );
  const whole = stands.filter((row) => !limited.includes(row) && !row.module.includes('.'));
  return (
    <Document title="Standard library · Pinwheel" place="/stdlib">
      <h1>Standard library</h1>
      <p class="prose">
        What was found by importing every module in the real Pyodide of each runtime, and by trying what a
        Worker cannot do. {whole.length} modules work as everywhere; the others are here first.
      </p>
      <section aria-labelledby="_limits">
        <h2 id="_limits">What cannot be done</h2>
        <LimitTable columns={columns} />
      </section>
      <section aria-labelledby="_limited">
        <h2 id="_limited">Missing or limited modules</h2>
        <table class="codes">
          <caption>By runtime of workerd</caption>
          <thead>
            <tr>
              <th scope="col">Module</th>
              {columns.map(({ pyodide, library }) => (
                <th scope="col">
                  Python {printable(library.python)}, Pyodide {printable(pyodide)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {limited.map(({ module, states }) => (
              <tr>
                <th scope="row">
                  <code>{printable(module)}</code>
                </th>
                {states.map((state, at) => (
                  <td class="state" data-label={`${columns[at]!.library.python}:`}>
                    <StateCell state={state} flag={columns[at]!.flag} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-labelledby="_whole">
        <h2 id="_whole">Modules that work</h2>
        <ul class="names">
          {whole.map(({ module }) => (
            <li>
              <code>{printable(module)}</code>
            </li>
          ))}
        </ul>
      </section>
      <Standing asOf={asOf} stamp={stamp} permanent={`/stdlib?as_of=${asOf}&revision=${stamp.revision}`} />
    </Document>
  );
}

type State =
  | { kind: 'works' }
  | { kind: 'none' }
  | { kind: 'limited'; limits: readonly Limit[] }
  | { kind: 'package'; name: string }
  | { kind: 'missing' };

/** `none`: that Python has no such module at all. */
function stateOf(module: string, { library, packages }: Column): State {
  if (library.modules.has(module)) {
    const limits = library.limitsOf.get(module);
    return limits ? { kind: 'limited', limits } : { kind: 'works' };
  }
  const name = packages.get(module);
  if (name !== undefined) return { kind: 'package', name };
  return library.missing.has(module) ? { kind: 'missing' } : { kind: 'none' };
}

function StateCell({ state, flag }: { state: State; flag: string | null }) {
  switch (state.kind) {
    case 'works':
      return <>works</>;
    case 'none':
      return <span class="muted">not in this Python</span>;
    case 'missing':
      return <span class="bad">missing</span>;
    case 'package':
      return (
        <>
          in the package <a href={packagePath(state.name, flag ?? undefined)}>{printable(state.name)}</a>
        </>
      );
    case 'limited':
      return <>cannot {printable(state.limits.map(({ does }) => does).join('; cannot '))}</>;
  }
}

function LimitTable({ columns }: { columns: readonly Column[] }) {
  const limits = new Map(columns.flatMap(({ library }) => library.limits.map((limit) => [limit.id, limit])));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">A Worker cannot</th>
          <th scope="col">With</th>
          <th scope="col">Names that need it</th>
          <th scope="col">In its place</th>
        </tr>
      </thead>
      <tbody>
        {[...limits.values()].map(({ id, does, names, instead }) => {
          const where = columns.filter(({ library }) => library.limits.some((limit) => limit.id === id));
          return (
            <tr>
              <th scope="row">{printable(does)}</th>
              <td class="quiet">
                {where.length === columns.length
                  ? 'any Python'
                  : printable(`Python ${where.map(({ library }) => library.python).join(', ')}`)}
              </td>
              <td>
                {names.map((name, at) => (
                  <>
                    {at > 0 && ', '}
                    <code>{printable(name)}</code>
                  </>
                ))}
              </td>
              <td>{instead && printable(instead)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
