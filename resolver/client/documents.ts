/** The documents of a registry, as they come in: nothing is trusted to have the shape it should have. */
import type { Catalog, PackageSet } from '../catalog.ts';
import type { Pin } from '../closure/explain.ts';
import { canonicalJson, sha256 as hash } from '../digest.ts';
import { isPatched } from '../provenance/patched.ts';
import { type Check, flag, type Guard, having, listOf, number, orNull, sha256 } from '../shape.ts';

/** Lone surrogates, which no URL can hold, are in no document. */
const text: Check = (value) => typeof value === 'string' && value.isWellFormed();
const day: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
const lifetime = { revision: number, withdrawn: orNull(number) };

export const isCatalog = having({
  log: listOf(
    having({
      revision: number,
      published: day,
      kind: text,
      subject: text,
      document: sha256,
      previous: orNull(sha256),
      digest: sha256,
    }),
  ),
  pythons: listOf(having({ python: text, first_release: day, supported_until: day, ...lifetime })),
  flags: listOf(
    having({
      field: text,
      ordinal: number,
      enable: orNull(text),
      disable: orNull(text),
      enable_date: orNull(day),
      implied_by: listOf(text),
      implied_date: orNull(day),
      experimental: flag,
      obsolete: flag,
      release: flag,
      ...lifetime,
    }),
  ),
  releases: listOf(
    having({
      field: text,
      id: text,
      pyodide: text,
      python: text,
      abi: text,
      platform: text,
      workerd_bundle: text,
      packages_tag: orNull(text),
      ...lifetime,
    }),
  ),
  package_locks: listOf(having({ tag: text, sha256, ...lifetime })),
  sets: listOf(
    having({
      flag: text,
      python: text,
      abi: text,
      platform: text,
      runtime: text,
      released: day,
      default_from: orNull(day),
      source: having({ registry: text, sha256: orNull(sha256) }),
      archive_count: number,
      digest: sha256,
      ...lifetime,
    }),
  ),
}) as Guard<Catalog>;

export const isPackageSet = having({
  kind: (value) => value === 'set',
  flag: text,
  packages: listOf(
    having({
      name: text,
      written_name: text,
      version: text,
      kind: text,
      filename: text,
      url: orNull(text),
      sha256,
      size: orNull(number),
      imports: listOf(text),
      depends: listOf(text),
      written_depends: listOf(text),
      install_dir: text,
      unvendored_tests: flag,
      patched: orNull(isPatched),
    }),
  ),
}) as Guard<PackageSet>;

/** Every version of a package: `GET /v1/packages/{name}`. */
export const isHistory = having({ versions: listOf(having({ flag: text, version: text })) }) as Guard<{
  versions: Pin[];
}>;

/** The text as JSON, or undefined where it is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The digest of a document, or null of one that is nested too deep to be any. */
export async function digestOf(document: unknown): Promise<string | null> {
  let canonical: string;
  try {
    canonical = canonicalJson(document);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return hash(canonical);
}
