/** The resolver's `when` and `compare`, warm, compared with one question for each date. */

import { resolve } from '../../resolver/closure/resolve.ts';
import { addDays, FIRST_DATE } from '../../resolver/compatibility/date.ts';
import { compare } from '../../resolver/time/compare.ts';
import { when } from '../../resolver/time/when.ts';
import { AS_OF, readModules, source, view } from '../resolver/time/data.ts';
import { atMost, line, median, type Report } from './report.ts';

const ROOTS = ['fastapi', 'numpy', 'aiohttp', 'sqlalchemy'];
/** Two dates of different Pythons. */
const FROM = '2025-11-02';
const TO = '2026-09-14';
const ROUNDS = 9;
const CALLS = 300;
/** For a comparison. */
const MOST_MS = 2;

export async function benchTime(report: Report): Promise<void> {
  const flags = { compatibility_flags: ['python_workers'], as_of: AS_OF };
  const whenHeld = async () => {
    const outcome = await when(view, { ...flags, requirement: 'polars>=1' }, source);
    return outcome.ok ? outcome.value.intervals.length : 0;
  };
  const resolvedOn = async (compatibility_date: string, requirements: string[]) => {
    const outcome = await resolve(view, { ...flags, compatibility_date, requirements }, source);
    return outcome.ok ? outcome.value.packages.length : 0;
  };
  const everyDay = async () => {
    let held = 0;
    for (let day = FIRST_DATE; day <= AS_OF; day = addDays(day, 1))
      held += await resolvedOn(day, ['polars>=1']);
    return held;
  };
  const compared = async () => {
    const sides = { from: FROM, to: TO, requirements: ROOTS };
    const outcome = await compare(view, { ...flags, ...sides }, { ...source, readModules });
    return outcome.ok ? outcome.value.packages.changed.length : 0;
  };
  const both = async () => (await resolvedOn(FROM, ROOTS)) + (await resolvedOn(TO, ROOTS));

  const times = { when: [] as number[], compare: [] as number[], both: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.when.push(await time(whenHeld, CALLS));
    times.compare.push(await time(compared, CALLS));
    times.both.push(await time(both, CALLS));
  }
  const days = await time(everyDay, 1);
  const [held, changes, twice] = [times.when, times.compare, times.both].map(median) as [
    number,
    number,
    number,
  ];
  line(`median of ${ROUNDS} rounds of ${CALLS} calls: when polars>=1 ${held.toFixed(0)} µs;`);
  line(`compare of two sets and a closure of ${ROOTS.length} requirements ${changes.toFixed(0)} µs;`);
  line(
    `resolving those at both dates ${twice.toFixed(0)} µs; polars>=1 on every day ${(days / 1e6).toFixed(2)} s`,
  );
  report({
    what: 'when : resolving on every day, which finds out the same',
    figure: `1/${Math.round(days / held).toLocaleString('en-US')} of its time`,
    goal: '1/100 or less',
    met: held * 100 <= days,
  });
  const what = 'compare, of all that two sets hold and of a closure';
  const beside = `, ${(changes / twice).toFixed(0)} of resolving that closure twice`;
  report(atMost(what, changes / 1_000, MOST_MS, (ms) => `${ms.toFixed(2)} ms`, beside));
}

/** Microseconds a call. */
async function time(call: () => Promise<number>, calls: number): Promise<number> {
  const started = performance.now();
  let sum = 0;
  for (let at = 0; at < calls; at++) sum += await call();
  if (sum === 0) throw new Error('nothing was measured');
  return ((performance.now() - started) * 1000) / calls;
}
