/** The time axis of a picture. */
import { dayNumber } from '../../../resolver/compatibility/date.ts';

/** The positions of days, in the units of the picture. */
export interface Axis {
  from: string;
  to: string;
  left: number;
  right: number;
}

export function xOf({ from, to, left, right }: Axis, day: string): number {
  const days = Math.max(1, dayNumber(to) - dayNumber(from));
  const x = left + ((dayNumber(day) - dayNumber(from)) / days) * (right - left);
  return Math.round(Math.min(right, Math.max(left, x)) * 10) / 10;
}

interface YearsProps {
  axis: Axis;
  top: number;
  bottom: number;
}

/** A line with a label at the beginning of each year, or of each half-year if there is room. */
export function Years({ axis, top, bottom }: YearsProps) {
  const first = Number(axis.from.slice(0, 4));
  const last = Number(axis.to.slice(0, 4));
  const halves = last - first <= 4 ? ['01-01', '07-01'] : ['01-01'];
  const days = Array.from({ length: last - first + 1 }, (_, at) => first + at)
    .flatMap((year) => halves.map((day) => `${year}-${day}`))
    .filter((day) => day >= axis.from && day <= axis.to);
  return (
    <>
      {days.map((day) => (
        <>
          <line class="axis" x1={xOf(axis, day)} x2={xOf(axis, day)} y1={top} y2={bottom} />
          <text class="tick" x={xOf(axis, day)} y={bottom + 16} text-anchor="middle">
            {day.endsWith('01-01') ? day.slice(0, 4) : day.slice(0, 7)}
          </text>
        </>
      ))}
    </>
  );
}
