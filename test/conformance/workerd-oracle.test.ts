/** Compares the rules with the real workerd on random cases: `npm run test:all` tries more. */
import { expect, test } from 'vitest';
import data from '../../data/catalog.json' with { type: 'json' };
import type { Catalog } from '../../resolver/catalog.ts';
import { viewCatalog } from '../../resolver/compatibility/view.ts';
import { evaluateFlags } from '../../resolver/compatibility/workerd.ts';
import { askWorkerd, type OracleVerdict, WORKERD_VERSION } from './workerd-oracle.ts';
import { randomCases } from './workerd-oracle-cases.ts';

const CASES = process.env.TEST_ALL ? 3000 : 150;
const SEED = 20261117;

test(`the rules agree with workerd on ${CASES} random cases`, { timeout: 900_000 }, async () => {
  const catalog = data as unknown as Catalog;
  const published = catalog.log.find(({ name: subject }) => subject === WORKERD_VERSION);
  const view = viewCatalog(catalog, published!.revision);
  if (!view.ok) throw new Error(view.issues[0]!.message);

  const cases = randomCases(view.value, CASES, SEED);
  const today = new Date().toISOString().slice(0, 10);
  const verdicts = await askWorkerd(cases);
  let agreed = 0;
  cases.forEach(({ date, flags, experimental }, index) => {
    const { selected, errors, warnings } = evaluateFlags(view.value, date, flags, { today, experimental });
    const ours: OracleVerdict = {
      bundle: selected?.release.workerd_bundle ?? null,
      errors: errors.map(({ message }) => message).sort(),
      warnings: warnings.map(({ message }) => message).sort(),
    };
    expect(ours, JSON.stringify(cases[index])).toEqual(verdicts[index]);
    agreed++;
  });
  const withErrors = verdicts.filter(({ errors }) => errors.length > 0).length;
  const bundles = new Set(verdicts.map(({ bundle }) => bundle));
  expect(bundles.size).toBe(view.value.releases.size + 1);
  console.log(
    `workerd ${WORKERD_VERSION}: ${agreed} cases compared, ${withErrors} with errors, ${bundles.size} verdicts`,
  );
});
