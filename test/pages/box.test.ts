/** What a text in the box is. */
import { expect, test } from 'vitest';
import { type Box, readBox, readBoxForm, withChips } from '../../registry/http/box.ts';
import { scanPython } from '../../resolver/python/scan.ts';

const KNOWN = new Set(['nodejs_compat', 'python_workers']);
const NOTHING: Box = { requirements: '', dates: [], flags: [], wrangler: '' };
const read = (text: string) => readBox(text, { flags: KNOWN, scan: scanPython });

test.each<[text: string, box: Partial<Box>]>([
  ['', {}],
  ['numpy', { requirements: 'numpy' }],
  ['pandas 2025-06-01', { requirements: 'pandas', dates: ['2025-06-01'] }],
  ['pandas, numpy and PIL.Image', { requirements: 'pandas\nnumpy\nPIL.Image' }],
  ['numpy >= 2, <3 pydantic>=2.10', { requirements: 'numpy >= 2, <3\npydantic>=2.10' }],
  ['uvicorn[standard]==0.30 httpx', { requirements: 'uvicorn[standard]==0.30\nhttpx' }],
  ['numpy ; python_version > "3"', { requirements: 'numpy ; python_version > "3"' }],
  ['from 2025-01-01 to 2026-01-01', { dates: ['2025-01-01', '2026-01-01'] }],
  ['and', { requirements: 'and' }],
  ['2025-9-1', { dates: ['2025-9-1'] }],
  [
    'python_workers nodejs_compat numpy',
    { requirements: 'numpy', flags: ['python_workers', 'nodejs_compat'] },
  ],
  ['no_python_workers_314', { flags: ['no_python_workers_314'] }],
  [
    'python_3.12_packages_2025_03_01 typing_extensions',
    {
      requirements: 'typing_extensions',
      flags: ['python_3.12_packages_2025_03_01'],
    },
  ],
  [
    'pip install --target python_modules --python-version=3.14 --only-binary :all: --abi none flask==3.1.2 numpy',
    { requirements: 'flask==3.1.2\nnumpy' },
  ],
  ['pip install -U numpy "pandas>=2"', { requirements: 'numpy\npandas>=2' }],
  ['$ uv add httpx 2025-06-01', { requirements: 'httpx', dates: ['2025-06-01'] }],
  [
    '{"name":"x","compatibility_date":"2025-11-02"}',
    { wrangler: '{"name":"x","compatibility_date":"2025-11-02"}' },
  ],
  ['python-dateutil', { requirements: 'python-dateutil' }],
  [
    'fastapi\n# why\nnumpy>=2 ; extra == "a"\n2025-11-02',
    {
      requirements: 'fastapi\n# why\nnumpy>=2 ; extra == "a"\n',
      dates: ['2025-11-02'],
    },
  ],
  ['import os, numpy as np\nfrom PIL import Image\nfrom . import own\n', { requirements: 'os\nnumpy\nPIL' }],
  ['[project]\ndependencies = ["fastapi", "pandas>=2"]', { requirements: 'fastapi\npandas>=2' }],
  ['compatibility_date = "2025-11-02"\n', { wrangler: 'compatibility_date = "2025-11-02"\n' }],
  [
    'compatibility_date = "2025-11-02"\n[vars]\nA = "b"\nfastapi\nnumpy==2',
    {
      wrangler: 'compatibility_date = "2025-11-02"\n[vars]\nA = "b"',
      requirements: 'fastapi\nnumpy==2',
    },
  ],
  [
    '{\n  "compatibility_date": "2025-11-02"\n}\nfastapi',
    {
      wrangler: '{\n  "compatibility_date": "2025-11-02"\n}',
      requirements: 'fastapi',
    },
  ],
])('%j', (text, box) => {
  expect(read(text)).toEqual({ ...NOTHING, ...box });
  // Forms send other line ends.
  expect(read(text.replaceAll('\n', '\r\n'))).toEqual({ ...NOTHING, ...box });
});

test.each([
  ['a chip is changed', { q: ['a b'], was: ['a b'], requirement: ['a>=2', 'b'] }, ['a>=2 b']],
  ['a chip is emptied', { q: ['a b'], was: ['a b'], requirement: ['', 'b'] }, ['b']],
  ['a chip is removed', { q: ['a b'], was: ['a b'], requirement: ['a', 'b'], without: ['0'] }, ['b']],
  ['the box is changed', { q: ['a c'], was: ['a b'], requirement: ['a', 'b'] }, ['a c']],
])('if %s, the box has what is left', (_, fields: Record<string, string[]>, q) => {
  const form = withChips({ getAll: (name) => fields[name] ?? [] });
  expect([form.getAll('q'), form.getAll('requirement')]).toEqual([q, []]);
});

test('without chips, requirements are those of the address', () => {
  const form = withChips({ getAll: (name) => (name === 'requirement' ? ['a'] : []) });
  expect([form.getAll('q'), form.getAll('requirement')]).toEqual([[], ['a']]);
});

test.each([
  ['numpy nodejs_compat', {}, ['python_workers', 'nodejs_compat']],
  ['numpy nodejs_compat', { flags: ['python_workers'] }, ['python_workers', 'nodejs_compat']],
  ['numpy nodejs_compat', { flag: ['python_workers'] }, ['python_workers', 'nodejs_compat']],
  ['numpy python_workers', { flags: ['python_workers, nodejs_compat'] }, ['python_workers', 'nodejs_compat']],
  ['numpy nodejs_compat', { flags: ['no_python_workers'] }, ['no_python_workers', 'nodejs_compat']],
  ['numpy nodejs_compat', { flags: ['url_standard'] }, ['url_standard', 'python_workers', 'nodejs_compat']],
  ['numpy', { flags: ['url_standard'] }, ['url_standard']],
])('%j is asked beside the flags of %j', (text, fields: Record<string, string[]>, flags) => {
  const form = { getAll: (name: string) => (name === 'q' ? [text] : (fields[name] ?? [])) };
  const known = { flags: KNOWN, scan: scanPython };
  expect(readBoxForm(form, known, '2026-11-20').asked.flags).toEqual(flags);
});
