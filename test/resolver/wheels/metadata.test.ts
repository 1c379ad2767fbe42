import { expect, test } from 'vitest';
import { parseMetadata } from '../../../resolver/wheels/metadata.ts';

test('reads the name, version and requirements of a wheel', () => {
  const text = [
    'Metadata-Version: 2.4',
    'Name: Demo.Package',
    'Version: 1.0',
    'requires-python: >=3.10',
    'Requires-Dist: a>=1;\r',
    '  python_version < "3.13"',
    'Requires-Dist: b [x]',
    'Provides-Extra: dev',
    'Description: Requires-Dist: not-this',
    '',
    'Requires-Dist: nor-this',
  ].join('\n');
  expect(parseMetadata(text)).toEqual({
    metadata_version: '2.4',
    name: 'Demo.Package',
    version: '1.0',
    requires_python: '>=3.10',
    requires_dist: ['a>=1; python_version < "3.13"', 'b [x]'],
    provides_extra: ['dev'],
  });
});

test('is null without headers', () => {
  const nothing = {
    metadata_version: null,
    name: null,
    version: null,
    requires_python: null,
    requires_dist: [],
    provides_extra: [],
  };
  for (const text of ['', '\n\nName: x', ' Name: x', '<!doctype html>', 'Name']) {
    expect(parseMetadata(text)).toEqual(nothing);
  }
});
