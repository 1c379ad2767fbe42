/** Every version of a package over time, as a picture: a lane for each Python, a dot for each set. */

import { addDays } from '../../../resolver/compatibility/date.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { type Axis, xOf, Years } from '../components/axis.tsx';

const WIDTH = 1000;
const LEFT = 90;
const LINE_HEIGHT = 15;
/** The average width of a character of a label. */
const CHARACTER = 6.6;
const LONGEST_LABEL = 20;
/** Labels without room below this level are left out; the table has them. */
const MOST_LEVELS = 12;

interface TimeLineProps {
  name: string;
  versions: readonly PackageVersion[];
  /** Every set, including those without the package. */
  sets: readonly CatalogSet[];
  /** The set that the page is about. */
  chosen: string;
}

/** Consecutive sets of one Python that pin the same version. */
interface Run {
  version: string;
  from: number;
  to: number;
  label: string;
  /** Where its label begins. */
  left: number;
  /** The number of text lines between its label and the lane; null for a label without room. */
  level: number | null;
}

export function TimeLine({ name, versions, sets, chosen }: TimeLineProps) {
  const days = sets.map(({ released }) => released).sort();
  const axis: Axis = {
    from: addDays(days[0]!, -30),
    to: addDays(days.at(-1)!, 30),
    left: LEFT,
    right: WIDTH - 40,
  };
  const lanes = lanesOf(sets, versions, axis);
  const height = lanes.at(-1)!.y + 20;
  return (
    <section class="picture" aria-label="Time line" tabindex={0}>
      <svg viewBox={`0 0 ${WIDTH} ${height + 24}`} role="img" aria-labelledby="_time_line">
        <title id="_time_line">
          {`The versions of ${printable(name)} by the date of the package set, for each Python. The table below has the same.`}
        </title>
        <Years axis={axis} top={8} bottom={height} />
        {lanes.map(({ python, y, runs, dots }) => (
          <>
            <text class="strong" x={0} y={y + 4}>
              Python {printable(python)}
            </text>
            {runs.map(({ from, to, label, left, level }, at) => (
              <>
                {to > from && (
                  <line class={at % 2 === 0 ? 'run' : 'run odd'} x1={from} x2={to} y1={y} y2={y} />
                )}
                {level !== null && (
                  <Label text={label} x={left} y={y - 12 - level * LINE_HEIGHT} over={{ from, y }} />
                )}
              </>
            ))}
            {dots.map(({ x, set, run }) =>
              run < 0 ? (
                <circle class="absent" cx={x} cy={y} r={3} />
              ) : (
                <circle class={dotClass(set === chosen, run)} cx={x} cy={y} r={set === chosen ? 6.5 : 5} />
              ),
            )}
          </>
        ))}
      </svg>
    </section>
  );
}

interface LabelProps {
  text: string;
  x: number;
  y: number;
  /** The dot that it belongs to. */
  over: { from: number; y: number };
}

/** A label, with a line to its dot if it is high above it. */
function Label({ text, x, y, over }: LabelProps) {
  return (
    <>
      {over.y - y > LINE_HEIGHT && (
        <line class="axis" x1={over.from} x2={over.from} y1={y + 3} y2={over.y - 6} />
      )}
      <text x={x} y={y}>
        {text}
      </text>
    </>
  );
}

function dotClass(isChosen: boolean, run: number): string {
  return ['dot', run % 2 === 1 ? 'odd' : '', isChosen ? 'chosen' : ''].filter(Boolean).join(' ');
}

/** One lane for each Python, as high as its labels need. */
function lanesOf(sets: readonly CatalogSet[], versions: readonly PackageVersion[], axis: Axis) {
  const pins = new Map(versions.map(({ flag, version }) => [flag, version]));
  const inTime = sets.toSorted((a, b) => (a.released + a.flag < b.released + b.flag ? -1 : 1));
  const byPython = Map.groupBy(inTime, (set) => minorOf(set.python));
  const pythons = [...byPython.keys()].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)));
  let y = 0;
  return pythons.map((python) => {
    const runs: Run[] = [];
    let broken = true;
    const dots = byPython.get(python)!.map(({ flag, released }) => {
      const version = pins.get(flag);
      const x = xOf(axis, released);
      if (version === undefined) {
        broken = true;
        return { x, set: flag, run: -1 };
      }
      const last = runs.at(-1);
      if (last && !broken && last.version === version) last.to = x;
      else runs.push(runOf(version, x));
      broken = false;
      return { x, set: flag, run: runs.length - 1 };
    });
    const levels = stack(runs);
    y += 34 + levels * LINE_HEIGHT;
    return { python, y, runs, dots };
  });
}

function runOf(version: string, x: number): Run {
  const label = labelOf(version);
  // The last labels end at the edge of the picture.
  const left = Math.min(x - 5, WIDTH - widthOf(label));
  return { version, from: x, to: x, label, left, level: 0 };
}

/** Lifts labels that would overlap. Returns the number of levels. */
function stack(runs: Run[]): number {
  const ends: number[] = [];
  for (const run of runs) {
    const free = ends.findIndex((end) => end < run.left);
    const level = free >= 0 ? free : ends.length;
    run.level = level < MOST_LEVELS ? level : null;
    if (run.level !== null) ends[level] = run.left + widthOf(run.label);
  }
  return Math.max(1, ends.length);
}

function widthOf(label: string): number {
  return (label.length + 1) * CHARACTER;
}

function labelOf(version: string): string {
  const text = printable(version);
  return text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text;
}
