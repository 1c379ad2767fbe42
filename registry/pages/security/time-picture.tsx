/** The number of published vulnerabilities in the default package set, by day: a line that rises between sets, and falls with each. */
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
  const steps = spans.flatMap(({ counts }) => counts);
  const most = Math.max(STEPS, ...steps.map(({ count }) => count));
  const { from } = spans[0]!;
  const { to } = spans.at(-1)!;
  const days = Math.max(1, dayNumber(to) - dayNumber(from));
  const x = (day: string) => LEFT + Math.round(((dayNumber(day) - dayNumber(from)) / days) * (WIDTH - LEFT));
  const y = (count: number) => TOP + Math.round((1 - count / most) * (HEIGHT - TOP - BOTTOM));
  const line = steps.map(({ day, count }) => `H${x(day)}V${y(count)}`).join('');
  const firstYear = Number(from.slice(0, 4)) + 1;
  const years = Array.from({ length: Number(to.slice(0, 4)) - firstYear + 1 }, (_, at) => firstYear + at);
  const levels = Array.from({ length: STEPS + 1 }, (_, step) => Math.round((most * step) / STEPS));
  return (
    <figure class="over-time">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`The number of published vulnerabilities from ${from} to ${to}; the table below has it for each set`}
      >
        {levels.map((level) => (
          <>
            <path d={`M${LEFT} ${y(level)}H${WIDTH}`} />
            <text x={LEFT - 8} y={y(level) + 4} text-anchor="end">
              {level}
            </text>
          </>
        ))}
        {years.map((year) => (
          <text x={x(`${year}-01-01`)} y={HEIGHT - 8} text-anchor="middle">
            {year}
          </text>
        ))}
        {spans.slice(1).map((span) => (
          <path class="change" d={`M${x(span.from)} ${TOP}V${HEIGHT - BOTTOM}`} />
        ))}
        <path class="line" d={`M${LEFT} ${y(steps[0]!.count)}${line}H${WIDTH}`} />
      </svg>
      <figcaption>
        All that the database had published by the day, which may be long after they were known elsewhere,
        those without effect in a Worker too. A dashed line is the first compatibility date of the next set.
      </figcaption>
    </figure>
  );
}
