/** The entries of the feed, for publications that `data/` has none of. */
import { expect, test } from 'vitest';
import catalogJson from '../../../data/catalog.json' with { type: 'json' };
import python from '../../../data/python/3.13.json' with { type: 'json' };
import { describeChange } from '../../../registry/pages/syndication/describe-change.ts';
import type { Catalog, RegistryDocument } from '../../../resolver/catalog.ts';
import { changeOf } from '../../../resolver/publication.ts';

const catalog = catalogJson as Catalog;

async function entryOf(document: RegistryDocument) {
  const { after, publication } = await changeOf(catalog, document, { day: '2026-11-22' });
  return describeChange(publication, after);
}

const supported = { ...(python as RegistryDocument & { kind: 'python' }), supported_until: '2030-01-31' };
const reason = 'The schedule was misread.';

test.each([
  ['announced', 'Announced', { kind: 'announcement', takes_effect: '2027-01-01', document: supported }],
  ['corrected', 'Corrected', { kind: 'correction', reason, document: supported }],
] as const)(
  'a Python that is %s is described by its facts, and leads to the runtimes',
  async (_, verb, document) => {
    expect(await entryOf(document)).toEqual({
      title: `${verb}: Python 3.13 is supported until 2030-01-31`,
      path: '/runtimes',
      lines: [`First released on ${supported.first_release}.`],
    });
  },
);

test('a corrected yank says why, and leads to its set', async () => {
  const subject = catalog.sets[0]!.flag;
  const document = {
    kind: 'yank',
    subject,
    sha256: null,
    reason: 'It crashes.',
    from: '2026-12-01',
  } as const;
  expect(await entryOf({ kind: 'correction', reason, document })).toEqual({
    title: `Corrected: Yanked: ${subject}`,
    path: `/sets/${subject}`,
    lines: ['It crashes.', 'From 2026-12-01 on, it is not a default.'],
  });
});
