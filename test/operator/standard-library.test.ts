/** The standard library as it was measured is what the Pyodide that this package depends on has. */

import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { StandardLibrary, StandardLibraryFacts } from '../../resolver/python/standard-library-document.ts';
import { loadCatalog, readData } from '../../scripts/import/data-files.ts';
import { measure, STANDARD_LIBRARY } from '../../scripts/import/standard-library/measure.ts';

const folder = dirname(fileURLToPath(import.meta.resolve('pyodide/package.json')));
const facts = StandardLibraryFacts.parse(JSON.parse((await readData('standard-library/facts.json'))!));
const { measurements } = StandardLibrary.parse(
  JSON.parse((await readData('standard-library/measured.json'))!),
);

test('is reproduced by a measurement', async () => {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const found = measurements.find(({ pyodides }) => pyodides.some(({ measured }) => measured === version))!;
  const { pyodides, ...outcome } = found;
  expect(await measure(folder, facts)).toEqual(outcome);
  expect(pyodides.find(({ measured }) => measured === version)!.sha256).toBe(
    hash('sha256', await readFile(join(folder, STANDARD_LIBRARY))),
  );
});

test('is known for every Pyodide of the catalog', async () => {
  const { sets, releases } = await loadCatalog();
  const known = new Set(measurements.flatMap(({ pyodides }) => pyodides.map(({ pyodide }) => pyodide)));
  const wanted = new Set([...sets.map(({ runtime }) => runtime), ...releases.map(({ pyodide }) => pyodide)]);
  expect([...wanted].filter((pyodide) => !known.has(pyodide))).toEqual([]);
  for (const { python, pyodides } of measurements) {
    const pythons = sets.filter(({ runtime }) => pyodides.some(({ pyodide }) => pyodide === runtime));
    expect(new Set(pythons.map((set) => set.python))).toEqual(new Set([python]));
  }
});

test('has an outcome of each attempt, and no module twice', () => {
  for (const { attempts, modules, failing } of measurements) {
    expect(Object.keys(attempts).sort()).toEqual(facts.attempts.map(({ id }) => id).sort());
    expect(modules).toEqual([...new Set(modules)].sort());
    expect(modules.filter((module) => Object.hasOwn(failing, module))).toEqual([]);
  }
});
