/** `data/sources.json`, which is maintained by hand: what to import, and facts that no imported file has. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ReleaseFact } from '../../resolver/catalog.ts';
import { Day, Sha256 } from '../../resolver/values.ts';

/** npm's names of what is imported. Any platform's workerd has the same tables. */
export const PYODIDE_PACKAGE = 'pyodide';
export const WORKERD_PACKAGE = '@cloudflare/workerd-linux-64';

/** A sentence about the source of the fact. */
const source = z.string().min(1);

const PyodideRelease = z.strictObject({
  version: z.string(),
  released: Day,
  /** The set's package flag, if its date is not that of the release. */
  flag: z.string().optional(),
  /** The Python of the release, if its lock names another. */
  python: z.string().optional(),
  /** The digest of `pyodide-lock.json`, if a source other than the package states it. */
  lock_sha256: Sha256.optional(),
  source,
});
export type PyodideRelease = z.infer<typeof PyodideRelease>;

const CloudflareSource = z.strictObject({
  tag: z.string().regex(/^\d{8}(\.\d+)?$/),
  /** The workerd version to take the lock from. */
  workerd: z.string(),
  /** The digest of the lock's text. */
  sha256: Sha256,
  /** The Pyodide that workerd runs the packages on. */
  runtime: z.string(),
  source,
});
export type CloudflareSource = z.infer<typeof CloudflareSource>;

const PythonSource = z.strictObject({
  python: z.string(),
  first_release: Day,
  pep: z.int(),
  source,
});
export type PythonSource = z.infer<typeof PythonSource>;

/** Pinwheel-built package sets of one day: for each ABI, the newest wheels of Pyodide and these patched ones. */
const SetRelease = z.strictObject({
  released: Day,
  abis: z.array(z.string()).min(1),
  wheels: z
    .array(
      z.strictObject({
        package: z.string(),
        /** The version of the upstream wheel. */
        version: z.string(),
        /** The release of the patch. */
        release: z.int().positive(),
      }),
    )
    .min(1),
  source,
});
export type SetRelease = z.infer<typeof SetRelease>;

const Sources = z.strictObject({
  /**
   * How many publications of the log have been deployed. They never change; every import and every release publishes
   * the others again.
   */
  deployed: z.int().nonnegative(),
  pythons: z.array(PythonSource),
  pyodide_releases: z.array(PyodideRelease),
  /** Packages whose wheels Pyodide changes, from which of its versions on. */
  patched_by_pyodide: z.array(z.strictObject({ package: z.string(), from: z.string(), source })),
  cloudflare_sets: z.array(CloudflareSource),
  workerd: z.array(z.strictObject({ version: z.string(), source })),
  /** Pyodides of workerd that are not on npm. */
  runtimes: z.array(
    ReleaseFact.pick({ pyodide: true, python: true, abi: true, platform: true }).extend({ source }),
  ),
  own_releases: z.array(SetRelease),
  /** The advisory database of PyPI: a commit, its day, and an archive of it. */
  advisories: z.strictObject({
    repository: z.url(),
    commit: z.string().regex(/^[0-9a-f]{40}$/),
    day: Day,
    license: z.string(),
    sha256: Sha256,
    source,
  }),
});
export type Sources = z.infer<typeof Sources>;

export async function readSources(): Promise<Sources> {
  const file = new URL('../../data/sources.json', import.meta.url);
  return Sources.parse(JSON.parse(await readFile(file, 'utf8')));
}
