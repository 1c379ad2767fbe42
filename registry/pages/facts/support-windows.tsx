/** A picture of how long each Python is supported, with the day of the question. */

import { addDays } from '../../../resolver/compatibility/date.ts';
import type { CatalogPython } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { type Axis, xOf, Years } from '../components/axis.tsx';

/** Small enough for its text to be legible on a narrow screen and on paper. */
const WIDTH = 440;
const ROW = 30;
const TOP = 26;

export function SupportWindows({ pythons, asOf }: { pythons: readonly CatalogPython[]; asOf: string }) {
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
    <div class="picture fits">
      <svg viewBox={`0 0 ${WIDTH} ${bottom + 24}`} role="img" aria-labelledby="_windows_title">
        <title id="_windows_title">
          {`The five years for which each Python is supported, with ${asOf} marked. The table below has the same.`}
        </title>
        <Years axis={axis} top={TOP - 6} bottom={bottom} />
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
