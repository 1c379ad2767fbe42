/** `pinwheel evidence` says what was seen of a package, as its page does. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EXAMPLES } from '../../cli/commands/examples.ts';
import { COMMANDS } from '../../cli/commands/table.ts';
import { CLAIMS } from '../claims.ts';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
const FLAG = ['--flag', 'python_3.13_packages_2025_10_20'];
const LISTED = ['--flag', 'python_3.14_packages_2026_08_25'];

test.each([
  [
    'numpy',
    FLAG,
    /^numpy \S+ of .*\nTested on Pyodide 0\.29\.0 .*: (?:build: tested; pyodide|pyodide: tested; build): tested\.\n(\n.*\n {2}Loading .*\n {2}import numpy .*\n {2}Smoke line +passed\n){2}$/,
  ],
  [
    'soupsieve',
    FLAG,
    /^.*\nObtainable on .*\n\n.*\n {2}Loading .*\n {2}import soupsieve +ModuleNotFoundError: No module named 'bs4'\n/,
  ],
  [
    'python-magic',
    FLAG,
    /^.*\nObtainable on .*built Worker.*: (?=.*pyodide: imported[.;]).*build: not all is imported: ImportError: .*\n/,
  ],
  [
    'numpy',
    ['--date', '2026-11-01', '--flag', 'python_workers'],
    /^numpy .*\nListed: not run here yet\.\n\nIn other package sets, which --flag selects:\n {2}python_3\.13_packages_2026_01_07 +tested on Pyodide 0\.29\.1\n {2}python_3\.13_packages_2025_10_20 +tested on Pyodide 0\.29\.0\n {2}python_3\.12_packages_2025_04_04 +tested on Pyodide 0\.27\.5\n$/,
  ],
  ['duckdb', LISTED, /^duckdb .*\nListed: not run here yet\.\n$/],
  ['numpy', [...LISTED, '--quiet'], /^numpy .*\nListed: not run here yet\.\n$/],
  [
    'soupsieve',
    LISTED,
    /\n {2}python_3\.13_packages_2025_10_20 +obtainable, not imported on Pyodide 0\.29\.0\n/,
  ],
])('%s %j', async (name, place, expected) => {
  const { code, stdout, stderr } = await pinwheel.run(['evidence', name, ...place]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(expected);
  expect(stdout).not.toMatch(CLAIMS);
  const json = JSON.parse((await pinwheel.run(['evidence', name, ...place, '--json'])).stdout);
  expect(json).toMatchObject({ name, evidence: { level: expect.any(String) } });
  expect(json.runs.length > 0).toBe(json.evidence.ground !== null);
});

test('a sentence has one full stop, also after the message of an exception that ends with one', async () => {
  const { stdout } = await pinwheel.run(['evidence', 'aiohttp', ...FLAG]);
  expect(stdout).toMatch(/^.*\nImported on .*: its smoke line fails: .*: SSL is not supported\.\n\n/);
});

test('a table of packages that ran on another Pyodide than that of the answer says so', async () => {
  const { stdout } = await pinwheel.run(['resolve', 'numpy', 'soupsieve', ...FLAG]);
  expect(stdout).toMatch(/Pyodide 0\.28\.2\n[\s\S]*\n *Package .* Seen on 0\.29\.0 /);
});

test('packages and when -v have a column of levels where these differ', async () => {
  const linesOf = async (...words: string[]) => (await pinwheel.run(words)).stdout;
  expect(await linesOf('packages', 'num', ...FLAG)).toMatch(
    /^Package +Version +Seen .*\n[\s\S]*^numpy +\S+ +tested /m,
  );
  expect(await linesOf('packages', 'num', ...LISTED)).toMatch(/^Package +Version +(?!Seen)/m);
  expect(await linesOf('when', 'numpy', '-v')).toMatch(
    /^Package flag +Version +Seen .*\n[\s\S]*^python_3.13_packages_2025_10_20 +\S+ +tested /m,
  );
  const { packages } = JSON.parse(await linesOf('packages', 'numpy', ...FLAG, '--json'));
  expect(packages[0].evidence).toMatchObject({ level: 'tested', runtime: '0.29.0' });
});

test('a marker that does not hold asks for no package, which is a wrong question', async () => {
  const { code, stderr } = await pinwheel.run(['evidence', 'numpy; python_version<"3"', ...FLAG]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('does not hold in this runtime')]);
});

test('a name that the set lacks is explained', async () => {
  const { code, stderr } = await pinwheel.run(['evidence', 'nump', ...FLAG]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('Did you mean numpy?')]);
});

test('an index, for which it has no option, is not proposed', async () => {
  expect(await pinwheel.run(['evidence', 'no-such-package', ...FLAG])).toMatchObject({
    code: 1,
    stderr: `error: The package set ${FLAG[1]} has no package "no-such-package".\n`,
  });
});

test('neither help nor README says more of packages than that they are listed', async () => {
  expect(JSON.stringify([COMMANDS, EXAMPLES])).not.toMatch(CLAIMS);
  expect(await readFile('README.md', 'utf8')).not.toMatch(CLAIMS);
});

const MOVE = ['--from', 'python_3.13_packages_2025_09_22', '--to', 'python_3.13_packages_2025_10_20'];

test.each([
  // Tested, imported, obtainable and listed.
  ...[FLAG, LISTED].flatMap((place) =>
    ['numpy', 'affine', 'soupsieve'].map((name) => ['resolve', name, ...place]),
  ),
  ['when', 'numpy'],
  ['diff', 'numpy', ...MOVE],
  ['why', 'numpy', 'numpy', ...FLAG],
  ['vendor', 'numpy', '--dry-run', ...FLAG],
  ['lock', 'numpy', ...LISTED],
  ['packages', 'numpy', ...FLAG],
])('pinwheel %s %s %s says no more of it than that', async (command, ...words) => {
  const { code, stdout, stderr } = await pinwheel.run([command!, ...words]);
  expect([code, stdout], stderr).toEqual([0, expect.stringContaining(words[0]!)]);
  expect(stdout + stderr).not.toMatch(CLAIMS);
});
