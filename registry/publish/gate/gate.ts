/** Every reason to reject a document. Stores nothing, throws nothing. */

import { drizzle } from 'drizzle-orm/d1';
import type {
  AnnouncementDocument,
  Catalog,
  PackageSet,
  PythonDocument,
  RegistryDocument,
  WithdrawalDocument,
  WorkerdDocument,
  YankDocument,
} from '../../../resolver/catalog.ts';
import { addDays, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import { lossesBeside } from '../../../resolver/compatibility/default-rule.ts';
import { type CatalogView, minorOf, viewCatalog } from '../../../resolver/compatibility/view.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import type { Issue } from '../../../resolver/issue.ts';
import * as issues from '../../../resolver/issues/publication.ts';
import { type FactDocument, factsOf } from '../../../resolver/publication.ts';
import { parseSetDocument, readDocument } from '../../storage/documents.ts';
import { readPins } from '../../storage/wheels.ts';
import { type BuiltWheels, checkBuiltWheels } from '../built-wheels.ts';
import type { PublishingStorage } from '../publishing-storage.ts';
import { requirementIssues } from './requirements.ts';
import { setIssues } from './set.ts';

/** The registry that a document is checked against. */
export interface RegistryState {
  storage: PublishingStorage;
  catalog: Catalog;
  /** Of `catalog`; null while it is empty. */
  view: CatalogView | null;
  /** The day of the publication. */
  published: string;
}

export function registryStateOf(
  storage: PublishingStorage,
  catalog: Catalog,
  published: string,
): RegistryState {
  const outcome = viewCatalog(catalog);
  return { storage, catalog, view: outcome.ok ? outcome.value : null, published };
}

/** The issues of a document, except changes to answers for past dates. */
export async function documentIssues(
  state: RegistryState,
  document: RegistryDocument,
  wheels: BuiltWheels,
): Promise<Issue[]> {
  const { catalog, published } = state;
  const newest = catalog.log.at(-1)?.published ?? published;
  const order =
    published < newest
      ? [
          issues.backwardDates({
            first: `the newest publication, of ${newest},`,
            next: `one of ${published}`,
          }),
        ]
      : [];
  const facts = factsOf(document);
  const found = facts
    ? await factIssues(state, facts, wheels, document.kind === 'correction')
    : await withdrawalIssues(state, document as WithdrawalDocument);
  const early = document.kind === 'announcement' ? effectIssues(document, published) : [];
  return [...order, ...early, ...found];
}

async function factIssues(
  state: RegistryState,
  facts: FactDocument,
  wheels: BuiltWheels,
  corrects: boolean,
): Promise<Issue[]> {
  switch (facts.kind) {
    case 'set':
      return wholeSetIssues(state, facts, wheels);
    case 'python':
      return pythonIssues(facts);
    case 'workerd':
      return workerdIssues(state, facts, corrects);
    case 'yank':
      return yankIssues(state, facts, corrects);
  }
}

/** The issues of a set: those of the set alone, and those that need storage. */
export async function wholeSetIssues(
  { storage, catalog, view, published }: RegistryState,
  set: PackageSet,
  wheels: BuiltWheels,
): Promise<Issue[]> {
  const earlier = catalog.sets.find(({ flag }) => flag === set.flag);
  const { revision = 0 } = earlier ?? {};
  const own = await checkBuiltWheels(storage.STORE, set, wheels);
  return [
    ...(earlier ? [issues.setExists({ package_set: set.flag, revision })] : []),
    ...setIssues(set, view, published),
    ...own.issues,
    ...(await requirementIssues(storage, set, own.metadata)),
    ...(view ? await lossIssues(storage, view, set) : []),
  ];
}

/** A default must not remove or downgrade packages of earlier defaults of its ABI. */
async function lossIssues(
  { STORE }: PublishingStorage,
  { sets, yankedSets }: CatalogView,
  set: PackageSet,
): Promise<Issue[]> {
  if (set.default_from === null || set.source.registry !== 'pinwheel') return [];
  const defaults = [...sets.values()].filter(
    ({ abi, flag, default_from }) => abi === set.abi && default_from !== null && !yankedSets.has(flag),
  );
  const losses: string[] = [];
  for (const { digest } of defaults) {
    losses.push(...lossesBeside(set, parseSetDocument(await readDocument(STORE, digest))));
  }
  return losses.map((loss) => issues.takesAway({ package_set: set.flag, loss }));
}

function pythonIssues({ python, first_release, supported_until }: PythonDocument): Issue[] {
  if (first_release < supported_until) return [];
  const first = `the first release of Python ${python}, ${first_release},`;
  return [issues.backwardDates({ first, next: `the end of its support, ${supported_until},` })];
}

async function workerdIssues(
  { catalog, view, published }: RegistryState,
  document: WorkerdDocument,
  corrects: boolean,
): Promise<Issue[]> {
  const { workerd, flags, releases } = document;
  const found: Issue[] = [];
  const invalid = (path: string, problem: string) => found.push(issues.invalidField({ path, problem }));
  const earlier = catalog.log.find(({ kind, subject }) => kind === 'workerd' && subject === workerd);
  if (earlier && !corrects && earlier.document !== (await sha256(canonicalJson(document)))) {
    found.push(issues.workerdExists({ workerd, revision: earlier.revision }));
  }
  const [, year, month, day] = /^1\.(\d{4})(\d{2})(\d{2})\.\d+$/.exec(workerd) ?? [];
  const date = `${year}-${month}-${day}`;
  if (year === undefined) invalid('workerd', 'a version is 1.YYYYMMDD.N');
  else if (!isCalendarDay(date)) found.push(issues.impossibleDate({ path: 'workerd', date }));
  else if (date > published) {
    found.push(
      issues.backwardDates({
        first: `workerd ${workerd}, of ${date},`,
        next: `its publication, on ${published},`,
      }),
    );
  }
  const fields = new Map(flags.map((flag) => [flag.field, flag]));
  const names = flags.flatMap(({ enable, disable }) => [enable, disable].filter((name) => name !== null));
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (fields.size < flags.length) invalid('flags', 'several have the same field');
  if (repeated !== undefined) invalid('flags', `several have the name ${repeated}`);
  for (const name of names)
    if (!/^[a-z0-9_-]+$/i.test(name)) invalid('flags', `${name} is not a name of a flag`);
  for (const { field, python, pyodide } of releases) {
    if (!fields.get(field)?.release) invalid('releases', `${field} is not a release flag`);
    if (!view?.pythons.some((one) => one.python === minorOf(python))) {
      const known = view?.pythons.map((one) => one.python) ?? [];
      found.push(issues.unknownPython({ python: `${python} (of Pyodide ${pyodide})`, known }));
    }
  }
  return found;
}

async function yankIssues(
  { storage, view, published }: RegistryState,
  { subject, sha256: hash, from }: YankDocument,
  corrects: boolean,
): Promise<Issue[]> {
  const state = hash === null ? view?.yankedSets.get(subject) : view?.yankedWheels.get(hash);
  const { revision = 0, reason = '' } = state ?? {};
  const isThere =
    hash === null
      ? view?.sets.has(subject)
      : (await readPins(drizzle(storage.DB), hash, subject)).rows.length > 0;
  const early = hash === null && from <= published && !corrects;
  return [
    ...(isThere
      ? []
      : [issues.unknownSubject({ subject: hash === null ? subject : `${subject} (${hash})` })]),
    ...(state && !corrects ? [issues.wasYanked({ subject, reason, revision })] : []),
    ...(early ? [issues.earlyEffect({ day: from, earliest: addDays(published, 1) })] : []),
  ];
}

function effectIssues({ takes_effect }: AnnouncementDocument, published: string): Issue[] {
  if (takes_effect > published) return [];
  return [issues.earlyEffect({ day: takes_effect, earliest: addDays(published, 1) })];
}

async function withdrawalIssues(
  { storage, catalog, published }: RegistryState,
  { revision }: WithdrawalDocument,
): Promise<Issue[]> {
  const entry = catalog.log[revision - 1];
  const earlier = catalog.log.find(
    ({ kind, subject }) => kind === 'withdrawal' && subject === String(revision),
  );
  const refuse = (problem: string) => [issues.notWithdrawable({ revision, problem })];
  if (!entry) return refuse('there is no such revision');
  if (entry.kind !== 'announcement') return refuse(`it is not an announcement, but a ${entry.kind}`);
  if (earlier) return [issues.alreadyWithdrawn({ announcement: revision, revision: earlier.revision })];
  const text = await readDocument(storage.STORE, entry.document);
  const { takes_effect } = JSON.parse(text) as AnnouncementDocument;
  return takes_effect > published ? [] : refuse(`it took effect on ${takes_effect}`);
}
