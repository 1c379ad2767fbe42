/** Measures the standard library of every Pyodide in `data/`, and writes `data/standard-library/measured.json`. */
import { parseArgs } from 'node:util';
import { fetchTarballs } from '../../../cli/packages/npm.ts';
import {
  type Measurement,
  StandardLibraryFacts,
} from '../../../resolver/python/standard-library-document.ts';
import { orUsage, run } from '../../command.ts';
import { npmCache } from '../../root.ts';
import { formatJson, readData, writeData } from '../data-files.ts';
import { readSources } from '../sources.ts';
import { addMeasurement, FACTS, MEASURED, measureTarball } from './measure.ts';

const USAGE = `npm run data:stdlib   measure the standard library of every Pyodide in data/`;

async function main(): Promise<void> {
  orUsage(USAGE, () => parseArgs());
  const facts = StandardLibraryFacts.parse(JSON.parse((await readData(FACTS))!));
  const { pyodide_releases } = await readSources();
  const releases = pyodide_releases.map(({ version }) => ({ pyodide: version, measured: version }));
  const pyodides = [...facts.stand_ins, ...releases];
  const packages = pyodides.map(({ measured }) => ({ name: 'pyodide', version: measured }));
  const tarballs = await fetchTarballs(packages, (line) => console.log(line), npmCache);
  // In the order of their Pythons, then of the first Pyodide of each.
  const measurements: Measurement[] = [];
  for (const [at, { pyodide, measured }] of pyodides.entries()) {
    const shown = await measureTarball(tarballs[at]!.path, facts);
    const { python, modules } = shown.outcome;
    console.log(`${pyodide}: Python ${python}, ${modules.length} modules can be imported`);
    addMeasurement(measurements, { pyodide, measured, ...shown });
  }
  console.log(`${await writeData(MEASURED, formatJson({ measurements }))} data/${MEASURED}`);
}

run(main, 'The measuring failed');
