/** The sets of a registry. Each is fetched once, and verified by its digest, cached or not. */
import type { CatalogSet, PackageSet } from '../catalog.ts';
import { type PreparedSet, PreparedSets } from '../closure/prepare.ts';
import { canonicalJson, digestOf, sha256 } from '../digest.ts';
import { parseJson, type Read, readDocument, readJson } from './documents.ts';
import { RegistryError } from './registry-error.ts';
import { packageSetSchema } from './schemas.ts';
import { expectOk, malformed, type Registry } from './transport.ts';

export function openerOfSets(registry: Registry): (head: CatalogSet) => Promise<PreparedSet> {
  const ready = new PreparedSets();
  return (head) => ready.open(head.digest, () => load(registry, head));
}

async function load(
  { base, get, cache }: Registry,
  { flag, digest, revision }: CatalogSet,
): Promise<PackageSet> {
  const key = `pinwheel-set-${digest}`;
  const kept = await cache?.get(key);
  if (typeof kept === 'string' && (await sha256(kept)) === digest) {
    const read = readJson(packageSetSchema, kept);
    if (read.ok) return read.document;
  }
  // With the revision that introduced the set, the URL's content never changes.
  const url = `${base}v1/sets/${encodeURIComponent(flag)}?revision=${revision}`;
  const read = documentOf(parseJson(expectOk(await get(url))));
  if (!read.ok) throw malformed(url, 'package set', read.problem);
  const { document: set } = read;
  const found = await digestOf(set);
  if (found !== digest) {
    const message = `${url} did not send the package set that its digest names: expected ${digest}, found ${found ?? 'no document'}.`;
    throw new RegistryError('digest_mismatch', { url, message });
  }
  await cache?.set(key, canonicalJson(set));
  return set;
}

/** The published document. The registry sends it without `kind`, and with further members. */
function documentOf(value: unknown): Read<PackageSet> {
  if (value === undefined) return { ok: false, problem: 'it is not JSON' };
  const { digest: _, package_count: __, yanked: ___, ...rest } = { ...(value as Record<string, unknown>) };
  return readDocument(packageSetSchema, { kind: 'set', ...rest });
}
