import { expect, test } from 'vitest';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import { fileUrls, toPyodideLock } from '../../../resolver/index.ts';
import { packageSetOf } from '../../test-set.ts';

const upstream = 'https://files.example/pure-1.0-py3-none-any.whl';
const set = packageSetOf([
  { filename: 'pure-1.0-py3-none-any.whl', sha256: 'a'.repeat(64), url: upstream },
  ...['b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({
    filename: `${name}-1.0+pinwheel.1-py3-none-any.whl`,
    sha256: name.codePointAt(0)!.toString(16).padStart(64, '0'),
    url: null,
  })),
]);
const { members, packages } = prepareSet(set);
const pure = packages.filter(({ name }) => name === 'pure');

test('files have the URLs that the set pins', () => {
  const urls = fileUrls(pure, null);
  expect(urls.ok && pure.map(urls.value)).toEqual([upstream]);
});

test('Pinwheel-built wheels need a registry, and are named without one', () => {
  const urls = fileUrls(packages, null);
  expect(urls.ok ? [] : urls.issues.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'no_upstream_url: The wheels of b, c, d, e, f and 1 more are Pinwheel-built: only a registry serves them.',
  ]);
});

test.each(['https://registry.example/at', 'https://registry.example/at/'])('below %s', (registry) => {
  const urls = fileUrls(packages, registry);
  if (!urls.ok) throw new Error('there are none');
  const { packages: locked } = toPyodideLock(set, members, urls.value);
  for (const { name, filename, sha256 } of members) {
    const url = `https://registry.example/at/wheels/${sha256}/${filename.replace('+', '%2B')}`;
    expect([urls.value({ name }), locked[name]!.file_name]).toEqual([url, url]);
  }
});
