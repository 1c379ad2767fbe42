/** The number of vulnerabilities in the default package set, by day: a line that rises between sets, and falls with each. */
import { dayNumber } from '../../../resolver/compatibility/date.ts';
import type { Span } from './findings.ts';

const WIDTH = 900;
const HEIGHT = 260;
/** Room for the labels of both axes. */
const LEFT = 40;
const BOTTOM = 28;
const TOP = 12;
const STEPS = 4;

/** The table beside it has the same numbers. */
export function TimePicture({ spans }: { spans: readonly Span[] }) {
  const counts = spans.flatMap(({ counts }) => counts.map(({ count }) => count));
  const most = Math.max(STEPS, ...counts);
  const first = dayNumber(spans[0]!.from);
  const last = Math.max(first + 1, dayNumber(spans.at(-1)!.to));
  const x = (day: string) => LEFT + ((dayNumber(day) - first) / (last - first)) * (WIDTH - LEFT);
  const y = (count: number) => TOP + (1 - count / most) * (HEIGHT - TOP - BOTTOM);
  const at = (value: number) => value.toFixed(1);
  const steps = spans.flatMap((span) =>
    span.counts.map(({ day, count }) => `H${at(x(day))}V${at(y(count))}`),
  );
  const line = `M${LEFT} ${at(y(counts[0]!))}${steps.join('')}H${WIDTH}`;
  const years = Array.from(
    { length: Number(spans.at(-1)!.to.slice(0, 4)) - Number(spans[0]!.from.slice(0, 4)) },
    (_, index) => `${Number(spans[0]!.from.slice(0, 4)) + index + 1}-01-01`,
  );
  const levels = Array.from({ length: STEPS + 1 }, (_, step) => Math.round((most * step) / STEPS));
  return (
    <figure class="over-time">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`The number of known vulnerabilities from ${spans[0]!.from} to ${spans.at(-1)!.to}; the table below has it for each set`}
      >
        {levels.map((level) => (
          <>
            <path d={`M${LEFT} ${at(y(level))}H${WIDTH}`} />
            <text x={LEFT - 8} y={at(y(level) + 4)} text-anchor="end">
              {level}
            </text>
          </>
        ))}
        {years.map((day) => (
          <text x={at(x(day))} y={HEIGHT - 8} text-anchor="middle">
            {day.slice(0, 4)}
          </text>
        ))}
        {spans.slice(1).map(({ from }) => (
          <path class="change" d={`M${at(x(from))} ${TOP}V${HEIGHT - BOTTOM}`} />
        ))}
        <path class="line" d={line} />
      </svg>
      <figcaption>
        All that are known, those without effect in a Worker too. A dashed line is the first compatibility
        date of the next set.
      </figcaption>
    </figure>
  );
}
