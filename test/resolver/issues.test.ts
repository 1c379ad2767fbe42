/** Rows of issues: templates and their fields, and fixes as data. */
import { expect, test } from 'vitest';
import { noWrangler } from '../../resolver/issues/build.ts';
import { row } from '../../resolver/issues/define.ts';
import { malformedWranglerFile } from '../../resolver/issues/documents.ts';
import { requirementFixes, sayFixes } from '../../resolver/issues/fixes.ts';
import { invalidQuestion } from '../../resolver/issues/question.ts';

test('the fields of an issue are those of its template', () => {
  const told = row('malformed', 'told', ['{name:quoted} has {count:number} of {what}', 'Leave out {name}.']);
  expect(told.fields).toEqual(['name', 'count', 'what']);
  const issue = told({ name: '\u0007', count: 2, what: '{name}' });
  expect(issue).toMatchObject({ kind: 'malformed', code: 'told', name: '\u0007', count: 2, what: '{name}' });
  expect([issue.message, issue.fix]).toEqual(['\\u{7} has 2 of {name}', 'Leave out \u0007.']);
});

test('an invalid question says which field is meant', () => {
  const wrong = { field: 'revision', needed: 'number', given: "the string 'x'", example: null } as const;
  expect(invalidQuestion({ problem: 'wrong_type', ...wrong })).toMatchObject({
    message: "revision has to be a whole number, but is the string 'x'.",
    fix: null,
    ...wrong,
  });
});

test('a command to run and a line for a file are data, and sentences', () => {
  expect(noWrangler({ command: 'dev', home: 'app', problem: 'it is not there' })).toMatchObject({
    fix: 'Install it with npm install --save-dev wrangler.',
    fixes: [{ kind: 'run_command', command: 'npm install --save-dev wrangler' }],
  });
  const meant = { problem: 'date_of_another_type', file: 'wrangler.toml', meant: '2025-11-02' } as const;
  expect(malformedWranglerFile(meant).fixes).toMatchObject([
    { kind: 'edit_file', file: 'wrangler.toml', line: 'compatibility_date = "2025-11-02"' },
  ]);
});

test.each([
  [['numpy'], 'numpy 2'],
  [['numpy', 'pandas'], 'numpy 2 and pandas 2'],
  [['numpy', 'pandas', 'pillow'], 'numpy 2, pandas 2 and pillow 2'],
])('says what a set has of %j', (names, said) => {
  const has = names.map((name) => ({ name, version: '2' }));
  const fix = { kind: 'date', compatibility_date: '2026-01-01', package_set: 'the set', has } as const;
  expect(sayFixes([fix])).toBe(`With the compatibility date 2026-01-01, the set has ${said}.`);
});

test('a requirement with a comma stays whole', () => {
  const similar = (...requirements: string[]) => sayFixes(requirementFixes('nmpy', requirements, 'similar'));
  expect(similar('numpy>=1,<3')).toBe('Did you mean numpy>=1,<3?');
  expect(similar('numpy>=1,<3', 'lmdb')).toBe('Did you mean numpy>=1,<3 or lmdb?');
});
