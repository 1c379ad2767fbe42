import type { Outcome } from '../../../../resolver/issue.ts';
import { fieldsOf } from '../../../http/fields.ts';
import { type FormQuestion, readForm } from '../../../http/form.ts';
import { addressOf, queryOf } from '../../parts/links.ts';

/** What the form asks, read as the registry's own pages read it. */
export function readQuestion(form: HTMLFormElement): Outcome<FormQuestion> {
  const today = new Date().toISOString().slice(0, 10);
  return readForm(fieldsOf(new FormData(form)), today).outcome;
}

/** Puts the question into the page's address, as the registry's own pages have it. */
export function writeAddress(question: FormQuestion): void {
  const query = new URLSearchParams(queryOf(addressOf(question)));
  for (const requirement of question.requirements) query.append('requirement', requirement);
  history.replaceState(null, '', `${location.pathname}?${query}`);
}
