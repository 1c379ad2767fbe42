import { expect, test, vi } from 'vitest';
import { fieldsOf } from '../../../registry/http/fields.ts';

test('only the fields of pages are read, however many a form has', () => {
  const form = new URLSearchParams(`${'a&'.repeat(1_000)}flag=x&flag=y`);
  const getAll = vi.spyOn(form, 'getAll');
  expect(fieldsOf(form)).toMatchObject({ flag: ['x', 'y'], requirement: [] });
  expect(getAll.mock.calls.length).toBeLessThan(30);
  expect(getAll.mock.calls.flat()).not.toContain('a');
});

test('files are left out', () => {
  const form = new FormData();
  form.append('requirements', new Blob(['six']), 'requirements.txt');
  form.append('requirement', 'six');
  expect(fieldsOf(form)).toMatchObject({ requirements: [], requirement: ['six'] });
});
