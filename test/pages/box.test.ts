/** What a text in the box is. */
import { expect, test } from 'vitest';
import { type Box, readBox, readBoxForm, withChips } from '../../registry/http/box.ts';
import { malformedPyproject } from '../../resolver/issues/files.ts';
import { scanPython } from '../../resolver/python/scan.ts';

const KNOWN = new Set(['nodejs_compat', 'python_workers']);
const NOTHING: Box = { requirements: '', dates: [], flags: [], wrangler: '', issues: [] };
const flagsFor = (name: string, version: string) =>
  version.startsWith('9') ? { known: ['3.13.2'] } : { flags: [`${name}_${version}`] };
const read = (text: string) => readBox(text, { flags: KNOWN, scan: scanPython, flagsFor });

test.each<[text: string, box: Partial<Box>]>([
  ['', {}],
  ['numpy', { requirements: 'numpy' }],
  ['pandas 2025-06-01', { requirements: 'pandas', dates: ['2025-06-01'] }],
  ['pandas, numpy and PIL.Image', { requirements: 'pandas\nnumpy\nPIL.Image' }],
  ['numpy >= 2, <3 pydantic>=2.10', { requirements: 'numpy >= 2, <3\npydantic>=2.10' }],
  ['uvicorn[standard]==0.30 httpx', { requirements: 'uvicorn[standard]==0.30\nhttpx' }],
  ['numpy (>=2, <3) six(>1)', { requirements: 'numpy (>=2, <3)\nsix(>1)' }],
  [
    'numpy==2 --hash=sha256:00 --hash=sha256:01',
    { requirements: 'numpy==2 --hash=sha256:00 --hash=sha256:01' },
  ],
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
  ['uv add --dev flask', { requirements: 'flask' }],
  ['poetry add numpy --group dev pandas', { requirements: 'numpy\npandas' }],
  ['pip install numpy -r requirements.txt', { requirements: '-r requirements.txt\nnumpy' }],
  [
    'RUN python3.12 -m pip install numpy \\\n  pandas  # both\n!pip install six && pip3 install "attrs; extra" && ls',
    { requirements: 'numpy\npandas\nsix\nattrs; extra' },
  ],
  [
    'npx pinwheel resolve fastapi --date 2025-11-02 --flag python_workers --as-of 2026-01-01',
    { requirements: 'fastapi', dates: ['2025-11-02'], flags: ['python_workers'] },
  ],
  ['https://pypi.org/project/flask/', { requirements: 'flask' }],
  [
    'numpy http://pypi.org/project/Flask/3.1.0/#history 2025-06-01',
    { requirements: 'numpy\nFlask==3.1.0', dates: ['2025-06-01'] },
  ],
  ['$ uv add httpx 2025-06-01', { requirements: 'httpx', dates: ['2025-06-01'] }],
  [
    '{"name":"x","compatibility_date":"2025-11-02"}',
    { wrangler: '{"name":"x","compatibility_date":"2025-11-02"}' },
  ],
  ['python 3.13', { flags: ['python_3.13'] }],
  ['numpy py3.13 2025-11-02', { requirements: 'numpy\n', flags: ['python_3.13'], dates: ['2025-11-02'] }],
  ['Python==3.12\nnumpy', { requirements: 'numpy', flags: ['python_3.12'] }],
  ['pyodide 0.28, six', { requirements: 'six', flags: ['pyodide_0.28'] }],
  ['py 9.1', { requirements: 'py==9.1.*' }],
  ['django 5.2, uvicorn[standard] 0.30', { requirements: 'django==5.2.*\nuvicorn[standard]==0.30.*' }],
  [
    'Package Version\nnumpy   2.0.2\nsix     1.17.0',
    { requirements: 'Package Version\nnumpy==2.0.2.*\nsix==1.17.0.*' },
  ],
  [
    'Package    Version\n---------- -------\nnumpy      2.0.2\nsix        1.17.0',
    { requirements: '\nnumpy==2.0.2.*\nsix==1.17.0.*' },
  ],
  ['numpy>=2.0 3.1', { requirements: 'numpy>=2.0\n3.1' }],
  ['python-dateutil', { requirements: 'python-dateutil' }],
  [
    'fastapi\n# why\nnumpy>=2 ; extra == "a"\n2025-11-02',
    {
      requirements: 'fastapi\n# why\nnumpy>=2 ; extra == "a"\n',
      dates: ['2025-11-02'],
    },
  ],
  ['import os, numpy as np\nfrom PIL import Image\nfrom . import own\n', { requirements: 'os\nnumpy\nPIL' }],
  ['import pandas\n2025-06-01', { requirements: 'pandas', dates: ['2025-06-01'] }],
  [
    'import pandas, six from 2025-06-01 to 2026-06-01\nnodejs_compat',
    { requirements: 'pandas\nsix', dates: ['2025-06-01', '2026-06-01'], flags: ['nodejs_compat'] },
  ],
  ['from sklearn import svm 2025-06-01', { requirements: 'sklearn', dates: ['2025-06-01'] }],
  [
    'from own import nodejs_compat\nfrom x import (\n  python_workers\n)\nday = 2025-10-10',
    { requirements: 'own\nx' },
  ],
  ['[project]\ndependencies = ["fastapi", "pandas>=2"]', { requirements: 'fastapi\npandas>=2' }],
  [
    '[project]\ndependencies = ["fastapi"]\n[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_09_22"',
    { requirements: 'fastapi', flags: ['python_3.13_packages_2025_09_22'] },
  ],
  [
    '[project]\ndependencies = ["fastapi"]\n2025-06-01\nsix',
    { requirements: 'fastapi\n\nsix', dates: ['2025-06-01'] },
  ],
  [
    'version = 1\n[[package]]\nname = "own"\nversion = "0.1.0"\nsource = { virtual = "." }\n\n' +
      '[[package]]\nname = "six"\nversion = "1.17.0"\nsource = { registry = "https://pypi.org/simple" }\n',
    { requirements: 'six==1.17.0' },
  ],
  [
    'lock-version = "1.0"\n[[packages]]\nname = "six"\nversion = "1.17.0"\nmarker = "os_name == \'nt\'"\n',
    { requirements: "six==1.17.0; os_name == 'nt'" },
  ],
  ["ModuleNotFoundError: No module named 'PIL'", { requirements: 'PIL' }],
  [
    'compatibility_date = "2025-11-02"\n\n[project]\ndependencies = ["fastapi"]\n',
    { requirements: 'fastapi', wrangler: 'compatibility_date = "2025-11-02"\n\n' },
  ],
  [
    '[project]\ndependencies = ["fastapi"]\n\nname = "x"\ncompatibility_date = "2025-11-02"',
    { requirements: 'fastapi', wrangler: '\n\nname = "x"\ncompatibility_date = "2025-11-02"' },
  ],
  [
    'compatibility_date = "2025-11-02"\n2026-06-01',
    { wrangler: 'compatibility_date = "2025-11-02"', dates: ['2026-06-01'] },
  ],
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
  [
    'six 2025-01-01 2025-05-05 2026-01-01',
    /^A question has one date, or two for a move, but there are 2025-01/,
  ],
  ['compatibility_date = "2025-11-02"\n2025-11-05\n2026-01-01', /^A wrangler file moves to one date, but/],
  ['[project]\ndependencies = [\n"s3cret",', /^pyproject\.toml could not be parsed: [^\n]*$/],
  [
    '[project]\ndependencies = "six"',
    /^project\.dependencies of pyproject\.toml has to be a list of strings/,
  ],
  ['[tool.poetry.dependencies]\nsix = "^1"', /^pyproject\.toml has no \[project\] table/],
  ['six python 9.1', /^Python of workerd: "9\.1" is not one of 3\.13\.2\.$/],
])('what cannot be read of %j is said, and stays in the box', (text, message) => {
  const form = { getAll: (name: string) => (name === 'q' ? [text] : []) };
  const known = { flags: KNOWN, scan: scanPython, malformed: malformedPyproject, flagsFor };
  const asked = readBoxForm(form, known, '2026-11-20');
  expect(asked.text).toBe(text);
  expect(asked.outcome).toMatchObject({ ok: false, issues: [{ message: expect.stringMatching(message) }] });
});

test('lines of a wrangler file in JSON may lack its braces', () => {
  const text = '"compatibility_date": "2025-11-02", // why\n"compatibility_flags": ["python_workers"],\nsix';
  const form = { getAll: (name: string) => (name === 'q' ? [text] : []) };
  const { asked } = readBoxForm(form, { flags: KNOWN, scan: scanPython }, '2026-11-20');
  expect(asked).toMatchObject({ date: '2025-11-02', flags: ['python_workers'], requirements: 'six' });
});

test('the date beside a wrangler file is the one that the Worker moves to', () => {
  const text = 'compatibility_date = "2025-11-02"\n2026-06-01';
  const form = { getAll: (name: string) => (name === 'q' ? [text] : []) };
  const read = readBoxForm(form, { flags: KNOWN, scan: scanPython }, '2026-11-20');
  expect([read.asked.date, read.form.getAll('to')]).toEqual(['2025-11-02', ['2026-06-01']]);
});

test.each([
  ['a chip is changed', { q: ['a b'], was: ['a b'], requirement: ['a>=2', 'b'] }, ['a>=2 b']],
  [
    'a chip needs a line of its own',
    { q: ['a b'], was: ['a b'], requirement: ['a; python_version>"3"', 'b'] },
    ['a; python_version>"3"\nb'],
  ],
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
  ['compatibility_date = "2025-11-02"\nnodejs_compat', {}, ['python_workers', 'nodejs_compat']],
])('%j is asked beside the flags of %j', (text, fields: Record<string, string[]>, flags) => {
  const form = { getAll: (name: string) => (name === 'q' ? [text] : (fields[name] ?? [])) };
  const known = { flags: KNOWN, scan: scanPython };
  expect(readBoxForm(form, known, '2026-11-20').asked.flags).toEqual(flags);
});
