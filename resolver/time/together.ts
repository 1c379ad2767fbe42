/** The compatibility dates that satisfy several requirements at once, with all that their packages need. */
import type { Target } from '../answer.ts';
import { metByPins, pinIn, pinsMeeting } from '../closure/meeting.ts';
import type { ResolveSource } from '../closure/source.ts';
import { addDays } from '../compatibility/date.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { allOf, type Outcome } from '../issue.ts';
import { knownName } from '../python/known-names.ts';
import type { DateRange } from './answers.ts';
import { readNeeds } from './changes.ts';
import { type TimeQuestion, targetSpans } from './targets.ts';

/** The dates that satisfy requirements together: from the earliest to the latest, up to the day of the question. */
export interface Together extends DateRange {
  /** Whether every date between the two satisfies them, too. */
  always: boolean;
  /** The requirements that end it, as texts: those that the day after the latest date does not satisfy. */
  ending: readonly string[];
}

/**
 * Null if no date satisfies all of them. Opens only the sets in which every requirement itself holds, if their pins do not
 * say whether they are whole.
 */
export async function datesTogether(
  view: CatalogView,
  question: TimeQuestion & { requirements: readonly string[] },
  source: ResolveSource,
): Promise<Outcome<Together | null>> {
  const asked = allOf(targetSpans(view, question), readNeeds(question.requirements, source));
  if (!asked.ok) return asked;
  const [spans, { requirements, sideIn }] = asked.value;
  const meeting = pinsMeeting(view, await source.readPins(requirements.map(({ name }) => name)));
  const isMet = async (target: Target) =>
    metByPins(requirements, meeting, target) ?? (await sideIn(target)).issues.length === 0;
  const met = await Promise.all(spans.map(({ value }) => isMet(value)));
  const [first, last] = [met.indexOf(true), met.lastIndexOf(true)];
  if (first === -1) return { ok: true, value: null };
  const always = spans
    .slice(first, last)
    .every(({ to }, at) => met[first + at] && addDays(to, 1) === spans[first + at + 1]!.from);
  const { from } = spans[first]!;
  const documents = (await source.standardLibrary?.()) ?? null;
  const later = spans[last + 1]?.value;
  // A module that was a package of sets, such as `sqlite3`, does not end anything if Python itself has it later.
  const isProvided = (name: string) =>
    documents && later && knownName(name, documents, later, view)?.because === 'provided';
  const pinOf = later && pinIn(later, meeting);
  const ended = requirements.filter((requirement) => pinOf && !pinOf(requirement));
  const ending = ended.flatMap(({ name, text }) => (isProvided(name) ? [] : text));
  return { ok: true, value: { from, to: spans[last]!.to, always, ending } };
}
