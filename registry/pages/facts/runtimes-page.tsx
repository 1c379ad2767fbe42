import { addDays, dayNumber } from '../../../resolver/compatibility/date.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import type { CatalogPython } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { otherDay } from '../../http/day.ts';
import { AnswerFooter } from '../components/answer-footer.tsx';
import { toml } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { Columns } from '../components/text.tsx';
import { type WorkerdRuntime, workerdRuntimes } from './listing.ts';

/** The runtimes, what selects them, and how long their Pythons are supported. */
export function RuntimesPage({ view, asOf }: { view: CatalogView; asOf: string }) {
  const included = workerdRuntimes(view, asOf);
  return (
    <Document
      title="Runtimes · Pinwheel"
      description="Which Pyodide and which Python workerd runs by compatibility date and flags, and until when each Python is supported."
      place="/runtimes"
    >
      <h1>Runtimes</h1>
      <p class="prose">
        A <dfn>runtime</dfn> is one Pyodide with its Python: what runs a Worker’s code. Its <dfn>ABI</dfn> is
        what compiled wheels are built for, which run only in runtimes of that ABI; pure Python runs in all.
        workerd has {included.length} and runs the newest whose flag is on; naming the flag of an older one
        does not pin it. Other Pyodides have <a href="/sets">package sets</a>, but no workerd.
      </p>
      <section aria-labelledby="_included">
        <h2 id="_included">In workerd</h2>
        <div class="facts even">
          {included.map((runtime) => (
            <Included runtime={runtime} asOf={asOf} />
          ))}
        </div>
      </section>
      <section aria-labelledby="_windows">
        <h2 id="_windows">Support</h2>
        <p class="prose">
          Each Python is supported for five years from its first release. A Worker whose Python is out of
          support moves forward to the next one that is.
        </p>
        <SupportWindows pythons={view.pythons.toReversed()} asOf={asOf} />
        <WindowTable pythons={view.pythons.toReversed()} asOf={asOf} />
      </section>
      <AnswerFooter
        asOf={asOf}
        stamp={view.stamp}
        permanent={`/runtimes?as_of=${asOf}&revision=${view.stamp.revision}`}
      />
    </Document>
  );
}

function WindowTable({ pythons, asOf }: { pythons: readonly CatalogPython[]; asOf: string }) {
  return (
    <table>
      <caption>As of {asOf}</caption>
      <Columns names={['Python', 'State', 'First release', 'Last day of support', 'By']} />
      <tbody>
        {pythons.map(({ python, first_release, supported_until, source }) => (
          <tr>
            <th scope="row">Python {printable(python)}</th>
            <td>{asOf < supported_until ? 'supported' : 'out of support'}</td>
            <td data-label="First release">{first_release}</td>
            <td data-label="Last day of support">{addDays(supported_until, -1)}</td>
            <td data-label="By">{printable(source.package)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Included({ runtime, asOf }: { runtime: WorkerdRuntime; asOf: string }) {
  const { id, pyodide, python, abi, platform, workerd_bundle, flag, enabled_from } = runtime;
  const { isDefault, flags, sets } = runtime;
  return (
    <div>
      <h3 class="flush">
        Pyodide {printable(pyodide)}, Python {printable(python)}
        {id === 'dev' && <span class="muted"> · under development</span>}
      </h3>
      {isDefault && (
        <p class="yes">✓ What new Workers get {otherDay(asOf) === null ? 'today' : `on ${asOf}`}</p>
      )}
      <dl class="pairs close">
        <dt>Enabled by</dt>
        <dd>
          {flag && (
            <a href={`/flags#${encodeURIComponent(flag)}`}>
              <code>{printable(flag)}</code>
            </a>
          )}
          {enabled_from && enabled_from > '2000-01-01' && (
            <>
              , automatic from <span class="whole">{enabled_from}</span>
            </>
          )}
        </dd>
        <dt>To get it on {asOf}</dt>
        <dd>
          {flags ? (
            <code>compatibility_flags = [{flags.map(toml).join(', ')}]</code>
          ) : (
            'only with an experimental flag'
          )}
        </dd>
        <dt>workerd’s bundle</dt>
        <dd>{printable(workerd_bundle ?? '')}</dd>
        <dt>ABI</dt>
        <dd>
          {printable(abi)} on {printable(platform)}, with {sets} package {sets === 1 ? 'set' : 'sets'}
        </dd>
      </dl>
    </div>
  );
}

/** Small enough for its text to be legible on a narrow screen and on paper. */
const WIDTH = 440;
const ROW = 30;
const TOP = 26;

function SupportWindows({ pythons, asOf }: { pythons: readonly CatalogPython[]; asOf: string }) {
  const days = pythons.flatMap((python) => [python.first_release, python.supported_until]).sort();
  const axis: Axis = {
    from: addDays(days[0]!, -120),
    to: addDays(days.at(-1)!, 120),
    left: 76,
    right: WIDTH - 14,
  };
  const bottom = TOP + pythons.length * ROW;
  const now = xOf(axis, asOf);
  const inside = asOf >= axis.from && asOf <= axis.to;
  return (
    <div class="picture">
      <svg viewBox={`0 0 ${WIDTH} ${bottom + 24}`} role="img" aria-labelledby="_windows_title">
        <title id="_windows_title">
          {`The five years for which each Python is supported, with ${asOf} marked. The table below has the same.`}
        </title>
        <Years axis={axis} bottom={bottom} />
        {pythons.map(({ python, first_release, supported_until }, at) => {
          const left = xOf(axis, first_release);
          const y = TOP + at * ROW + 5;
          return (
            <>
              <text class="strong" x={0} y={y + 14}>
                Python {printable(python)}
              </text>
              <rect
                class={asOf < supported_until ? 'window' : 'window past'}
                x={left}
                y={y}
                width={xOf(axis, supported_until) - left}
                height={20}
                rx={4}
              />
            </>
          );
        })}
        {inside && (
          <>
            <line class="halo" x1={now} x2={now} y1={TOP - 6} y2={bottom} />
            <line class="now" x1={now} x2={now} y1={TOP - 6} y2={bottom} />
            <text class="now-label" x={now} y={TOP - 11} text-anchor="middle">
              as of {asOf}
            </text>
          </>
        )}
        {pythons.map(({ supported_until }, at) => (
          <text class="inside" x={xOf(axis, supported_until) - 8} y={TOP + at * ROW + 19} text-anchor="end">
            {addDays(supported_until, -1)}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** The positions of days, in the units of the picture. */
interface Axis {
  from: string;
  to: string;
  left: number;
  right: number;
}

function xOf({ from, to, left, right }: Axis, day: string): number {
  const days = Math.max(1, dayNumber(to) - dayNumber(from));
  const x = left + ((dayNumber(day) - dayNumber(from)) / days) * (right - left);
  return Math.round(Math.min(right, Math.max(left, x)) * 10) / 10;
}

/** A line with a label at the beginning of each year. */
function Years({ axis, bottom }: { axis: Axis; bottom: number }) {
  const first = Number(axis.from.slice(0, 4));
  const last = Number(axis.to.slice(0, 4));
  const years = Array.from({ length: last - first }, (_, at) => first + 1 + at);
  return (
    <>
      {years.map((year) => {
        const x = xOf(axis, `${year}-01-01`);
        return (
          <>
            <line class="axis" x1={x} x2={x} y1={TOP - 6} y2={bottom} />
            <text class="tick" x={x} y={bottom + 16} text-anchor="middle">
              {year}
            </text>
          </>
        );
      })}
    </>
  );
}
