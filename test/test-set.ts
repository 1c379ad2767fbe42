/** A package set of a test's own, pinning the files that the test serves. */
import type { Member, PackageSet, Patched } from '../resolver/catalog.ts';

export const TEST_FLAG = 'python_3.13_packages_2026_11_01';

/** What Pinwheel says of a wheel that it patched. */
export const PINWHEEL_PATCH = {
  by: 'pinwheel',
  patch: 'own',
  release: 1,
  upstream: { filename: 'own-1.0-py3-none-any.whl', sha256: 'd'.repeat(64) },
  recipe: 'e'.repeat(64),
} satisfies Patched;

/** And what such a wheel says of itself, in its PINWHEEL.json. */
export const PINWHEEL_STATEMENT = {
  upstream: PINWHEEL_PATCH.upstream,
  recipe: { patch: 'data/patches/own', release: 1, sha256: PINWHEEL_PATCH.recipe },
};

/** What a test says of a pinned file; the rest follows from the file's name. */
export type Pin = Pick<Member, 'filename' | 'sha256' | 'url'> & Partial<Member>;

export function packageSetOf(pins: readonly Pin[], flag: string = TEST_FLAG): PackageSet {
  return {
    kind: 'set',
    flag,
    python: '3.13.2',
    abi: '2025_0',
    platform: 'emscripten_4_0_9',
    runtime: '0.28.2',
    released: flag.slice(-10).replaceAll('_', '-'),
    default_from: null,
    source: { registry: 'pinwheel', package: 'test', version: '1', file: 'test', sha256: null },
    packages: pins.map(memberOf).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function memberOf(pin: Pin): Member {
  const [written_name, version] = pin.filename.split('-') as [string, string];
  return {
    name: written_name.toLowerCase().replace(/[-_.]+/g, '-'),
    written_name,
    version,
    kind: 'package',
    size: null,
    imports: [],
    depends: [],
    written_depends: pin.depends ?? [],
    install_dir: 'site',
    unvendored_tests: false,
    patched: null,
    ...pin,
  };
}
