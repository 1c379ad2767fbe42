import { expect, test } from 'vitest';
import { readForm } from '../../../registry/http/form.ts';
import { MAX_REQUIREMENTS, MOST_FLAGS } from '../../../resolver/question/fields.ts';

const TODAY = '2026-11-21';

function dateOf(query: string) {
  const { outcome } = readForm(new URLSearchParams(query), TODAY);
  if (!outcome.ok) throw new Error(outcome.issues[0]?.message);
  return outcome.value.question;
}

test.each([
  ['is about today', '', TODAY, TODAY],
  ['is about the day that it is asked as of', 'as_of=2026-11-20', '2026-11-20', '2026-11-20'],
  ['is about today if that is not a day', 'as_of=2026-02-30', TODAY, '2026-02-30'],
  ['has the date of its package flag', 'flag=python_3.12_packages_2025_03_01', null, TODAY],
])('a question without a date %s', (_, query, compatibility_date, as_of) => {
  expect(dateOf(query)).toMatchObject({ compatibility_date, as_of });
});

test.each<[string, string[]]>([
  ['revision=x', ["revision has to be a whole number, such as 12, but is 'x'."]],
  ['experimental=yes', ["experimental has to be true or false, but is 'yes'."]],
  [
    'date=1&date=2&revision=1&revision=1',
    ['date is given more than once.', 'revision is given more than once.'],
  ],
  ['requirements=a&requirements=b', ['requirements is given more than once.']],
  ['from=1&to=&other=3&date=', []],
])('what is wrong with %s', (query, messages) => {
  const { outcome, asked } = readForm(new URLSearchParams(query), TODAY);
  expect(outcome.ok ? [] : outcome.issues.map(({ message }) => message)).toEqual(messages);
  // The form shows it again.
  expect(asked.date).toBe(query.startsWith('date') ? '1' : '');
  expect(asked.revision).toBe(/revision=(\w)/.exec(query)?.[1] ?? '');
});

test('several ways to give a list have one limit', () => {
  const query = `${'flag=a&'.repeat(MOST_FLAGS)}flags=b&${'requirement=a&'.repeat(MAX_REQUIREMENTS)}requirements=b`;
  const { outcome } = readForm(new URLSearchParams(query), TODAY);
  expect(outcome).toMatchObject({
    issues: [
      { code: 'too_many_requirements', count: MAX_REQUIREMENTS + 1 },
      { code: 'too_many_flags', count: MOST_FLAGS + 1 },
    ],
  });
});

test('files are left out', () => {
  const form = new FormData();
  form.append('requirements', new Blob(['shout']), 'requirements.txt');
  form.append('requirement', 'six');
  expect(readForm(form, TODAY).outcome).toMatchObject({ value: { requirements: ['six'] } });
});
