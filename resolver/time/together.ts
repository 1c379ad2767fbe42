/** The compatibility dates that satisfy several requirements at once, with all that their packages need. */
import type { ResolveSource } from '../closure/source.ts';
import { addDays } from '../compatibility/date.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { allOf, type Outcome } from '../issue.ts';
import type { DateRange } from './answers.ts';
import { readNeeds } from './changes.ts';
import { type TimeQuestion, targetSpans } from './targets.ts';
import { probeOf } from './when.ts';

/** From the earliest to the latest date, up to the day of the question. */
export interface Together extends DateRange {
  /** Whether every date between satisfies them, too. */
  always: boolean;
  /** The requirements that end it, as texts: those that the day after the latest date does not satisfy. */
  ending: readonly string[];
}

/** Null if no date satisfies all of them. Opens only the sets in which every requirement itself holds. */
export async function datesTogether(
  view: CatalogView,
  question: TimeQuestion & { requirements: readonly string[] },
  source: ResolveSource,
): Promise<Outcome<Together | null>> {
  const asked = allOf(targetSpans(view, question), readNeeds(question.requirements, source));
  if (!asked.ok) return asked;
  const [spans, { requirements, sideIn }] = asked.value;
  const pins = await source.readPins(requirements.map(({ name }) => name));
  const probes = requirements.map((requirement) => probeOf(requirement, pins.get(requirement.name) ?? []));
  const failing = spans.map(({ value: { package_set, runtime } }) =>
    requirements.flatMap(({ text }, at) => (probes[at]!(package_set.flag, runtime).holds ? [] : [text])),
  );
  const isMet = async (at: number) =>
    failing[at]!.length === 0 && (await sideIn(spans[at]!.value)).issues.length === 0;
  const last = await firstOf([...spans.keys()].reverse(), isMet);
  if (last === undefined) return { ok: true, value: null };
  const first = (await firstOf([...spans.keys()], isMet))!;
  const between = spans.slice(first, last);
  const always = between.every(
    ({ to }, at) => failing[first + at]!.length === 0 && addDays(to, 1) === spans[first + at + 1]!.from,
  );
  const { from } = spans[first]!;
  return { ok: true, value: { from, to: spans[last]!.to, always, ending: failing[last + 1] ?? [] } };
}

async function firstOf(
  places: readonly number[],
  holds: (at: number) => Promise<boolean>,
): Promise<number | undefined> {
  for (const at of places) if (await holds(at)) return at;
  return undefined;
}
