import { expect, test } from 'vitest';
import { missingPackage } from '../../../resolver/closure/undeclared.ts';

const MEMBERS = [
  { name: 'pyyaml', imports: ['yaml', '_yaml'] },
  { name: 'ssl', imports: ['ssl', '_ssl'] },
];
const raised = (...lines: string[]) => ['Traceback (most recent call last):', ...lines].join('\n');

test.each([
  ["No module named 'ssl'", 'ssl'],
  ["No module named 'yaml.nodes'", 'pyyaml'],
  ["No module named 'not_there'", null],
  ['division by zero', null],
])('%s', (said, name) => {
  expect(missingPackage(said, MEMBERS)).toBe(name);
});

test('an exception that was handled is not the one that ended the import', () => {
  const handled = raised("ModuleNotFoundError: No module named 'ssl'");
  const during = '\nDuring handling of the above exception, another exception occurred:\n';
  expect(missingPackage([handled, during, raised('ZeroDivisionError')].join('\n'), MEMBERS)).toBe(null);
  const other = raised("ModuleNotFoundError: No module named 'yaml'");
  expect(missingPackage([handled, during, other].join('\n'), MEMBERS)).toBe('pyyaml');
});
