/** Reads both sides of an upgrade from the form. */
import { addDays, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import type { Issue } from '../../../resolver/index.ts';
import { fieldsNamed } from '../../../resolver/question/fields.ts';
import { type Form, readFields } from '../../http/question.ts';
import type { readWranglerForm } from '../../http/wrangler-form.ts';
import type { Sides } from './answer.ts';

/**
 * The current Worker is that of a pasted wrangler file, or of `from`, or of `date` as in other pages, or of a year
 * before the day of the question, which is the default of `to`.
 */
export function readSides(
  form: Form,
  { asked, outcome }: ReturnType<typeof readWranglerForm>,
  today: string,
): { sides: Sides; issues: Issue[] } {
  const { texts, issues } = readFields(form, fieldsNamed('from', 'to'));
  const asOf = isCalendarDay(asked.as_of) ? asked.as_of : today;
  const pasted = outcome.ok && asked.wrangler.trim() !== '';
  const dated = pasted || asked.date !== '' ? asked.date : null;
  const { to = asOf } = texts;
  const from = pasted ? dated! : (texts.from ?? dated ?? addDays(asOf, -365));
  return { sides: { from, to }, issues };
}
