import { expect, test } from 'vitest';
import { licenseOf } from '../../cli/worker/documents.ts';

const metadata = (...lines: string[]) => `Metadata-Version: 2.4\n${lines.join('\n')}\n\nLicense: of the text`;
const ofPackage = (...lines: string[]) =>
  licenseOf({ name: 'mine', version: '1.0', kind: 'package' }, metadata(...lines));
const MIT = 'Classifier: License :: OSI Approved :: MIT License';
const BSD = 'Classifier: License :: OSI Approved :: BSD License';

test.each<[string, string[], string | null, boolean]>([
  ['an expression', ['License-Expression: MIT OR Apache-2.0', BSD], 'MIT OR Apache-2.0', true],
  ['one that is not valid', ['License-Expression: My own', BSD], 'BSD License', false],
  ['a text that is one', ['License: BSD-3-Clause\r', BSD], 'BSD-3-Clause', true],
  ['a text that is not', ['License: Copyright 2010 Pallets', BSD], 'BSD License', false],
  ['a classifier of one licence', [MIT], 'MIT', true],
  ['two classifiers', [MIT, BSD], 'MIT License, BSD License', false],
  ['nothing', [], null, false],
])('%s', (_, lines, license, isExpression) => {
  expect(ofPackage(...lines)).toEqual({ license, isExpression });
});

test('what has no metadata', () => {
  const of = (name: string, version: string, kind: 'shared_library' | 'standard_library') =>
    licenseOf({ name, version, kind }, null).license;
  expect(of('openssl', '1.1.1w', 'shared_library')).toBe('OpenSSL');
  expect(of('openssl', '3.5.0', 'shared_library')).toBe('Apache-2.0');
  expect(of('ssl', '1.0.0', 'standard_library')).toBe('PSF-2.0');
  expect(of('geos', '3.13', 'shared_library')).toBeNull();
});
