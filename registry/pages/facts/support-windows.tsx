/** How long each Python is supported, as a picture with the day of the question on it. */
import type { CatalogPython } from '../../../resolver/catalog.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { type Axis, xOf, Years } from '../parts/axis.tsx';

const WIDTH = 1000;
const ROW = 40;
const TOP = 30;

export function SupportWindows({ pythons, asOf }: { pythons: readonly CatalogPython[]; asOf: string }) {
  const days = pythons.flatMap((python) => [python.first_release, python.supported_until]).sort();
  const axis: Axis = {
    from: addDays(days[0]!, -120),
    to: addDays(days.at(-1)!, 120),
    left: 100,
    right: WIDTH - 20,
  };
  const bottom = TOP + pythons.length * ROW;
  const now = xOf(axis, asOf);
  const inside = asOf >= axis.from && asOf <= axis.to;
  return (
    <section class="picture" aria-label="Support windows" tabindex={0}>
      <svg viewBox={`0 0 ${WIDTH} ${bottom + 24}`} role="img" aria-labelledby="_windows_title">
        <title id="_windows_title">
          {`The five years for which each Python is supported, with ${asOf} marked. The table below has the same.`}
        </title>
        <Years axis={axis} top={TOP - 6} bottom={bottom} />
        {pythons.map(({ python, first_release, supported_until }, at) => {
          const left = xOf(axis, first_release);
          const y = TOP + at * ROW + 6;
          return (
            <>
              <text class="strong" x={0} y={y + 18}>
                Python {printable(python)}
              </text>
              <rect
                class={asOf < supported_until ? 'window' : 'window past'}
                x={left}
                y={y}
                width={xOf(axis, supported_until) - left}
                height={27}
                rx={4}
              />
            </>
          );
        })}
        {inside && (
          <>
            <line class="now" x1={now} x2={now} y1={TOP - 10} y2={bottom} />
            <text class="now-label" x={now} y={TOP - 15} text-anchor="middle">
              as of {asOf}
            </text>
          </>
        )}
        {pythons.map(({ first_release, supported_until }, at) => (
          <text class="inside" x={xOf(axis, first_release) + 10} y={TOP + at * ROW + 24}>
            {first_release} to {addDays(supported_until, -1)}
          </text>
        ))}
      </svg>
    </section>
  );
}
