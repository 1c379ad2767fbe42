/** Imports what npm has and `data/` does not: new releases of Pyodide, and the newest workerd. */

import { hash } from 'node:crypto';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { fetchTarballs } from '../../../cli/packages/npm.ts';
import { setIssues } from '../../../registry/publish/gate/set.ts';
import type { Catalog, PackageSet, Publication, RegistryDocument } from '../../../resolver/catalog.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { viewCatalog } from '../../../resolver/compatibility/view.ts';
import { documentPath, subjectOf } from '../../../resolver/publication.ts';
import {
  type Measurement,
  StandardLibrary,
  StandardLibraryFacts,
} from '../../../resolver/python/standard-library-document.ts';
import { publishReleases } from '../../release/release-set.ts';
import { npmCache } from '../../root.ts';
import { formatJson, readData } from '../data-files.ts';
import {
  cloudflareSet,
  dateOfFlag,
  lockIn,
  packageFlag,
  parseLock,
  pyodideSet,
  runtimesOf,
  withDefaults,
} from '../sets.ts';
import {
  type CloudflareSource,
  PYODIDE_PACKAGE,
  type PyodideRelease,
  type Sources,
  WORKERD_PACKAGE,
} from '../sources.ts';
import { addMeasurement, FACTS, MEASURED, measureTarball } from '../standard-library/measure.ts';
import { readPackageLock, readWorkerdBinary, workerdDocument } from '../workerd.ts';

export type NewRows = Pick<Sources, 'pyodide_releases' | 'cloudflare_sets' | 'workerd'>;

export function withRows(text: string, rows: NewRows): string {
  let changed = text;
  for (const [list, added] of Object.entries(rows) as [string, object[]][]) {
    if (added.length === 0) continue;
    const last = findNodeAtLocation(parseTree(changed)!, [list])?.children?.at(-1);
    if (!last) throw new Error(`data/sources.json has no ${list} to add to`);
    const end = last.offset + last.length;
    const lines = added.map((row) => `,\n    ${written(row)}`).join('');
    changed = changed.slice(0, end) + lines + changed.slice(end);
  }
  return changed;
}

function written(row: object): string {
  const members = Object.entries(row).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${members.join(', ')} }`;
}

/** A version, and the day on which it was published on npm. */
export interface Release {
  version: string;
  published: string;
}

export const SOURCES = 'sources.json';

/** The content of `data/` before the update. */
export interface CurrentData {
  sources: Sources;
  catalog: Catalog;
  documents: RegistryDocument[];
}

export interface Update {
  catalog: Catalog;
  /** New documents, in the order of their publication. */
  publications: { entry: Publication; document: RegistryDocument }[];
  /** The texts of changed files, by their path inside `data/`. */
  files: Map<string, string>;
  /** Facts that no imported file states in this form. */
  decided: string[];
  /** Sentences about what could not be imported, and what to do about it. */
  left: string[];
}

/** @param report takes a line about each step */
export async function makeUpdate(
  held: CurrentData,
  pyodides: readonly Release[],
  workerd: Release | undefined,
  report: (line: string) => void,
): Promise<Update> {
  const rows: NewRows = { pyodide_releases: [], cloudflare_sets: [], workerd: [] };
  const outcome = { decided: [], left: [] } as Pick<Update, 'decided' | 'left'>;
  const sets = held.documents.filter((document) => document.kind === 'set');
  const measurements = await importPyodides(held, pyodides, rows, sets, outcome, report);
  const workerds = held.documents.filter((document) => document.kind === 'workerd');
  if (workerd) {
    try {
      workerds.push(await importWorkerd(held.sources, workerd.version, rows, sets, outcome, report));
    } catch (error) {
      outcome.left.push(`workerd ${workerd.version} is not imported: ${(error as Error).message}.`);
    }
  }

  const { deployed, own_releases } = held.sources;
  const log = held.catalog.log.slice(0, deployed);
  const upstream = withDefaults(
    sets.filter(({ source }) => source.registry !== 'pinwheel'),
    workerds,
  );
  const pythons = held.documents.filter((document) => document.kind === 'python');
  const data = await publishReleases([...pythons, ...upstream, ...workerds], own_releases, log);
  const files = new Map(data.files);
  files.set(SOURCES, withRows((await readData(SOURCES))!, rows));
  files.set(MEASURED, formatJson({ measurements }));
  for (const [path, text] of files) if ((await readData(path)) === text) files.delete(path);
  const before = new Set(held.catalog.log.map(documentPath));
  const documents = new Map(data.documents.map((document) => [subjectOf(document), document]));
  const publications = data.catalog.log
    .filter((entry) => !before.has(documentPath(entry)))
    .map((entry) => ({ entry, document: documents.get(entry.name)! }));
  return { catalog: data.catalog, publications, files, ...outcome };
}

/** Adds to `rows` and `sets`. @returns the standard libraries, with those of the new releases */
async function importPyodides(
  { sources, catalog }: CurrentData,
  pyodides: readonly Release[],
  rows: NewRows,
  sets: PackageSet[],
  { decided, left }: Pick<Update, 'decided' | 'left'>,
  report: (line: string) => void,
): Promise<Measurement[]> {
  const facts = StandardLibraryFacts.parse(JSON.parse((await readData(FACTS))!));
  const { measurements } = StandardLibrary.parse(JSON.parse((await readData(MEASURED))!));
  const wanted = pyodides.map(({ version }) => ({ name: PYODIDE_PACKAGE, version }));
  const tarballs = await fetchTarballs(wanted, report, npmCache);
  const view = viewCatalog(catalog);
  for (const [at, { version, published }] of pyodides.entries()) {
    try {
      const text = await lockIn(tarballs[at]!);
      const lock = parseLock(text);
      const setOf = (row: PyodideRelease) => pyodideSet(row, text, sources);
      const early = rowOf({ version, published }, lock.python, lock.python, sets);
      const set = setOf(early);
      const faults = [...setIssues(set, view.ok ? view.value : null, set.released)];
      if (faults.length > 0) {
        left.push(`Pyodide ${version} is not imported:`, ...faults.map(({ message }) => `  ${message}`));
        continue;
      }
      report(`booting Pyodide ${version}`);
      const shown = await measureTarball(tarballs[at]!.path, facts);
      const { python } = shown.outcome;
      const row = rowOf({ version, published }, python, lock.python, sets);
      rows.pyodide_releases.push(row);
      sets.push(setOf(row));
      const [, ...doubts] = row.source.split(/(?<=\.) (?=[A-Z])/);
      if (doubts.length > 0) decided.push(`Pyodide ${version}: ${doubts.join(' ')}`);
      addMeasurement(measurements, { pyodide: version, measured: version, ...shown });
    } catch (error) {
      left.push(`Pyodide ${version} is not imported: ${(error as Error).message}`);
    }
  }
  return measurements;
}

/** @param stated the Python that the lock names, which may be wrong */
function rowOf(
  { version, published }: Release,
  python: string,
  stated: string,
  sets: readonly PackageSet[],
): PyodideRelease {
  const flag = freeFlag(packageFlag(python, published), sets);
  const isLater = dateOfFlag(flag) !== published;
  const source = [
    `npm's registry got ${PYODIDE_PACKAGE} ${version} on that day.`,
    python !== stated && `Its pyodide.asm.wasm is Python ${python}, though its lock says ${stated}.`,
    isLater && 'Another set has the flag of that day.',
  ];
  return {
    version,
    released: published,
    ...(isLater && { flag }),
    ...(python !== stated && { python }),
    source: source.filter((text) => text !== false).join(' '),
  };
}

/** The flags of two sets of one Python differ: the later one has that of the next free day. */
function freeFlag(flag: string, sets: readonly PackageSet[]): string {
  if (sets.every((set) => set.flag !== flag)) return flag;
  const python = flag.slice('python_'.length, flag.indexOf('_packages_'));
  return freeFlag(packageFlag(python, addDays(dateOfFlag(flag), 1)), sets);
}

/** Adds to `rows`, and to `sets` those that no earlier binary embeds. */
async function importWorkerd(
  sources: Sources,
  version: string,
  rows: NewRows,
  sets: PackageSet[],
  { decided }: Pick<Update, 'decided'>,
  report: (line: string) => void,
) {
  const [tarball] = await fetchTarballs([{ name: WORKERD_PACKAGE, version }], report, npmCache);
  const binary = await readWorkerdBinary(tarball!);
  const runtimeOf = runtimesOf(
    sets.filter(({ source }) => source.package === PYODIDE_PACKAGE),
    sources,
  );
  const document = workerdDocument(version, binary, runtimeOf);
  const known = new Set(sources.cloudflare_sets.map(({ tag }) => tag));
  for (const { tag } of document.package_locks.filter(({ tag }) => !known.has(tag))) {
    const runtime = document.releases.find(({ packages_tag }) => packages_tag === tag)?.pyodide;
    if (runtime === undefined) throw new Error(`no release names the packages ${tag} that it embeds`);
    const lock = readPackageLock(binary, tag);
    const source: CloudflareSource = {
      tag,
      workerd: version,
      sha256: hash('sha256', lock),
      runtime,
      source: `The release table of workerd ${version} pairs the tag with ${runtime}.`,
    };
    sets.push(cloudflareSet(source, lock, runtimeOf));
    rows.cloudflare_sets.push(source);
    decided.push(`Cloudflare's packages ${tag} run on Pyodide ${runtime}, as workerd ${version} pairs them.`);
  }
  rows.workerd.push({ version, source: 'The newest version of that day.' });
  return document;
}
