import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Catalog } from '../../../resolver/catalog.ts';
import { baseFlagOf, sourceText } from '../../../resolver/provenance.ts';
import { root } from '../../../scripts/root.ts';

const { sets }: Catalog = JSON.parse(readFileSync(join(root, 'data/catalog.json'), 'utf8'));

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
