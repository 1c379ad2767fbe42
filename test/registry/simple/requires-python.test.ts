import { expect, test } from 'vitest';
import { requiresPythonOf } from '../../../registry/simple/project.ts';

test.each([
  ['Metadata-Version: 2.1\nRequires-Python: >=3.8\n\nBody', '>=3.8'],
  ['requires-python:>=3.8,!=3.9.*  \r\nName: x\r\n\r\nBody', '>=3.8,!=3.9.*'],
  ['Requires-Python: >=3.8', '>=3.8'],
  ['Name: x\n\nRequires-Python: >=3.8', null],
  ['Name: x\r\n\r\nRequires-Python: >=3.8', null],
  ['Summary: about Requires-Python: >=3\n X-Requires-Python: >=3\n', null],
  ['Requires-Python: \nName: x\n', null],
  ['Requires-Python: >=3"><script>\n', null],
  ['Requires-Python: >=3\u202e\n', null],
  [`Requires-Python: ${'>=3,'.repeat(1_000)}\n`, null],
  [`${'\n'.repeat(100_000)}Requires-Python: >=3`, null],
  [`${'Requires-Python:'.repeat(60_000)}`, null],
])('%#', (metadata, value) => {
  expect(requiresPythonOf(metadata)).toBe(value);
});
