/**
 * A registry with all publications and one more Pinwheel-built set, which is based on wheels of an upstream on this
 * machine, so that all dependencies are available.
 */

import { createHash } from 'node:crypto';
import { buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { makeReleaseSet, readRequirements } from '../../scripts/release/release-set.ts';
import { wheelCache } from '../../scripts/root.ts';
import { ending } from '../common/own.ts';
import { type Pin, packageSetOf } from '../test-set.ts';
import { downloadWheel } from './pip-wheels.ts';
import { pureWheel } from './pure-wheel.ts';
import { startUpstream } from './upstream.ts';

/** Pinwheel's own set of the newest ABI, as `data/` has it. */
const PUBLISHED_FLAG = 'python_3.14_packages_2026_11_20';
/** The same patched wheels, with other wheels that are available here. */
export const SERVED_FLAG = 'python_3.14_packages_2026_11_19';

/** The dependencies of httpx and aiohttp, here and on Emscripten. */
const NEEDED: Record<string, string[]> = {
  'aiohappyeyeballs==2.7.1': [],
  'aiosignal==1.4.0': ['frozenlist', 'typing-extensions'],
  'anyio==4.15.1': ['idna', 'typing-extensions'],
  'attrs==26.1.0': [],
  'certifi==2026.7.22': [],
  'frozenlist==1.8.0': [],
  'h11==0.16.0': [],
  'httpcore==1.0.9': ['certifi', 'h11'],
  'idna==3.20': [],
  'multidict==6.9.1': [],
  'propcache==0.5.4': [],
  'typing-extensions==4.16.0': [],
  'yarl==1.25.1': ['idna', 'multidict', 'propcache'],
};
const PATCHED = [
  { package: 'aiohttp', version: '3.14.3', release: 1 },
  { package: 'httpx', version: '0.28.1', release: 1 },
];

export interface PatchedSet {
  registry: LocalRegistry;
  published: PackageSet;
  served: PackageSet;
}

export async function servePatchedSet(): Promise<PatchedSet> {
  const documents = await loadDocuments();
  const published = documents
    .map(({ document }) => document)
    .find((document) => document.kind === 'set' && document.flag === PUBLISHED_FLAG) as PackageSet;
  const upstream = ending(await startUpstream());
  const pins: Pin[] = PATCHED.map(({ package: name, version }) => ({
    filename: `${name}-${version}-py3-none-any.whl`,
    sha256: '0'.repeat(64),
    url: `${upstream.origin}/replaced`,
    imports: [name],
  }));
  for (const [requirement, depends] of Object.entries(NEEDED)) {
    const { filename, bytes } = await pureWheel(await downloadWheel(requirement));
    upstream.files.set(`/${filename}`, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    pins.push({ filename, sha256, url: `${upstream.origin}/${filename}`, depends, written_depends: depends });
  }
  const { python, abi, platform, runtime } = published;
  const base = { ...packageSetOf(pins, 'python_3.14_packages_2026_11_18'), python, abi, platform, runtime };
  const ingredients = [];
  for (const version of PATCHED) {
    const wheel = await buildVersion(version, wheelCache);
    ingredients.push({ wheel, requirements: await readRequirements(wheel.bytes) });
  }
  const made = await makeReleaseSet({
    base,
    others: [],
    defaults: [],
    ingredients,
    released: '2026-11-19',
  });
  if (!made.ok) throw new Error(made.errors.join('\n'));
  const served = made.set;
  const last = { document: served, day: documents.at(-1)!.day };
  const registry = ending(await startLocalRegistry({ documents: [...documents, last], unchecked: true }));
  return { registry, published, served };
}
