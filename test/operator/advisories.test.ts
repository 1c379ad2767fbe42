/** `npm run data:advisories` of the whole archive. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AdvisoriesDocument } from '../../resolver/audit/advisories.ts';
import { documentPath, subjectOf } from '../../resolver/publication.ts';
import { importAdvisories } from '../../scripts/import/advisories/main.ts';
import { formatSorted, loadMade, readData } from '../../scripts/import/data-files.ts';

const { ADVISORIES = '' } = process.env;

if (ADVISORIES === '') console.log('The advisories of the archive: skipped, ADVISORIES names no folder');

test.skipIf(ADVISORIES === '')(
  'the archive makes the documents of data/advisories/, and every oddity is named',
  async () => {
    const made = (await loadMade('advisories')).map((published) => AdvisoriesDocument.parse(published));
    const document = made.filter(({ range }) => !range).at(-1)!;
    const imported = await importAdvisories(join(ADVISORIES, 'advisory-database.tar.gz'));
    for (const read of imported.documents)
      expect(formatSorted(read)).toBe(
        await readData(documentPath({ kind: 'advisories', name: subjectOf(read) })),
      );
    expect(imported.documents).toHaveLength(made.length);
    const odd = new Set(imported.problems.map((problem) => problem.split('/')[1]!));
    expect([...odd].filter((name) => document.names.includes(name)).sort()).toEqual([
      ...['geopandas', 'ipython', 'joblib', 'nltk'],
    ]);
    expect(imported.problems.filter((problem) => problem.includes('left out:'))).toEqual([]);
    const disagreeing = imported.problems.filter((problem) => problem.includes('its ranges do not have'));
    expect(disagreeing.map((problem) => problem.split('/')[1]).sort()).toEqual(['django', 'wagtail']);
  },
  300_000,
);
