/** A registry that has all of its wheels, as after installations from it. */
import { createHash } from 'node:crypto';
import type { PackageSet } from '../../resolver/catalog.ts';
import { loadDocument } from '../../scripts/import/data-files.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { startUpstream } from '../clients/upstream.ts';
import { packageSetOf, TEST_FLAG } from '../test-set.ts';
import { makeWheel } from '../zip.ts';

/** The names of wheels are those of this set. */
const NAMES_OF = 'python_3.13_packages_2025_08_19';

export interface RegistryPages {
  url: URL;
  paths: string[];
  stop(): Promise<void>;
}

/** Started with as many packages, each of one wheel. `headers` are those that will ask for the pages. */
export async function startRegistryPages(
  count: number,
  headers: Record<string, string>,
): Promise<RegistryPages> {
  const { packages } = (await loadDocument({ kind: 'set', name: NAMES_OF })) as PackageSet;
  const named = packages.filter(({ filename }) => filename.endsWith('.whl')).slice(0, count);
  const upstream = await startUpstream();
  const pins = named.map(({ filename, version }) => {
    const wheel = makeWheel(filename.split('-')[0]!, version);
    upstream.files.set(`/${filename}`, wheel);
    const sha256 = createHash('sha256').update(wheel).digest('hex');
    return { filename, sha256, url: `${upstream.origin}/${filename}` };
  });
  const set = packageSetOf(pins);
  const registry = await startLocalRegistry({
    documents: [{ document: set, day: set.released }],
    unchecked: true,
  });
  const stop = async () => {
    await registry.stop();
    await upstream.stop();
  };
  try {
    const url = await registry.miniflare.unsafeGetDirectURL('pinwheel');
    const pages = set.packages.map(async ({ name, sha256, filename }) => {
      await (await fetch(new URL(`/wheels/${sha256}/${filename}`, url))).arrayBuffer();
      const path = `/simple/${TEST_FLAG}/${name}/`;
      const body = await (await fetch(new URL(path, url), { headers })).text();
      const { files } = JSON.parse(body) as { files: { size?: number }[] };
      if (files.length !== 1 || files[0]!.size === undefined) throw new Error(`${path} is ${body}`);
      return path;
    });
    return { url, paths: await Promise.all(pages), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
