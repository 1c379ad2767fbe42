/** The two ends of a move, as the form of the upgrade view has them. */
import { addDays, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { type Fields, readSingles, textsOf } from '../../http/fields.ts';
import { readWranglerForm } from '../../http/wrangler-form.ts';
import type { Sides } from './answer.ts';

/**
 * A pasted wrangler file says where the Worker is; without one `from` does, or `date`, as other pages have it, or
 * a year before the day of the question. `to` is that day.
 */
export function readSides(fields: Fields, today: string): { sides: Sides; issues: Issue[] } {
  const { singles, issues } = readSingles(fields, ['from', 'to']);
  const { asked, outcome } = readWranglerForm(fields, today);
  const asOf = isCalendarDay(asked.as_of) ? asked.as_of : today;
  const pasted = outcome.ok && textsOf(fields, 'wrangler').some((text) => text.trim() !== '');
  const dated = pasted || asked.date !== '' ? asked.date : null;
  const { to = asOf } = singles;
  const from = pasted ? dated! : (singles.from ?? dated ?? addDays(asOf, -365));
  return { sides: { from, to }, issues };
}
