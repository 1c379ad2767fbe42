import { expect, test } from 'vitest';
import { baseFlagOf, sourceText } from '../../../resolver/provenance.ts';
import { catalog } from '../client/registry.ts';

const { sets } = catalog;

test('each Pinwheel-built set names its base by digest', () => {
  const own = sets.filter(({ source }) => source.registry === 'pinwheel');
  expect(own.length).toBeGreaterThan(0);
  for (const { source, abi } of own) {
    const base = sets.find(({ flag }) => flag === baseFlagOf(source))!;
    expect([base.digest, base.abi]).toEqual([source.sha256, abi]);
  }
});

test('a set without a base has a source', () => {
  const source = { registry: 'pinwheel', package: 'test', version: '1', file: 'f', sha256: null } as const;
  expect([baseFlagOf(source), sourceText(source)]).toEqual([null, 'f of test 1, from pinwheel']);
});
