/** Publishes into the registry, for the seed and for publishers. */
import * as z from 'zod';
import { answerChanges, changesPast, selectedText } from '../../resolver/compatibility/answer-changes.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import { type CatalogView, viewCatalog } from '../../resolver/compatibility/view.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import type { Catalog, Issue, Outcome } from '../../resolver/index.ts';
import {
  alreadyWithdrawn,
  changesAnswer,
  earlyEffect,
  otherHead,
} from '../../resolver/issues/publication.ts';
import type { FileTable } from '../../resolver/pinned-files.ts';
import {
  type CatalogChange,
  changeOf,
  factsOf,
  type SealedChange,
  subjectOf,
} from '../../resolver/publication.ts';
import { AnswerChange, Publication, type RegistryDocument } from '../../resolver/schemas.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { putDocument, readSet } from '../storage/documents.ts';
import { keepTable, openTable } from '../storage/files.ts';
import { OtherHead, writePublication } from '../storage/ledger.ts';
import { replay } from '../storage/newest.ts';
import type { RegistryStorage } from '../storage/signed-head.ts';
import { type BuiltWheels, checkBuiltWheels, storeBuiltWheels } from './built-wheels.ts';
import {
  documentIssues,
  type RegistryState,
  registryStateOf,
  sameSetIssue,
  wholeSetIssues,
} from './gate/gate.ts';
import { readDocument } from './gate/read-document.ts';

/** Issues of facts that are published after the day from which they hold. */
const OF_PAST = ['changes_answer', 'early_default'];

export interface PublishOptions extends BuiltWheels {
  /** Who publishes, for the entry of the log; absent for a seed. */
  publisher?: string;
  /** Set by a seed, whose facts of workerd and of sets hold from their own days on, also if those are past. */
  replayed?: boolean;
  /** Returns the issues and the answers that would change, and changes nothing. */
  dryRun?: boolean;
}

export const PublicationOutcome = z
  .strictObject({
    status: z.enum(['published', 'unchanged', 'checked']).describe('`checked` after a dry run.'),
    publication: Publication.describe('The entry of the log that it has, or would have.'),
    changes: z.array(AnswerChange.meta({ id: 'AnswerChange' })).describe('Every answer that it changes.'),
    other_bytes: z
      .array(
        z.strictObject({ name: z.string(), filename: z.string(), sha256: z.string(), before: z.string() }),
      )
      .describe(
        'The packages of a set that have the file name, but not the bytes, of the newest set of its ABI before it.',
      ),
  })
  .meta({ id: 'PublicationOutcome' });

/** The outcome of publishing: the catalog with the document, and whether it was there before. */
export interface Published extends z.infer<typeof PublicationOutcome> {
  catalog: Catalog;
}

/**
 * Publishes one document on top of `catalog`, which must be the registry's newest, or returns every issue. Built wheels
 * and the document go to R2 first, where they are content-addressed and harmless if the rest fails; one D1 batch then
 * makes them visible. Publishing the same document again only stores missing wheels. Other content under a published
 * name is an issue, and so is a publication that came first.
 */
export async function publish(
  storage: RegistryStorage,
  catalog: Catalog,
  input: unknown,
  day: string,
  options: PublishOptions = {},
): Promise<Outcome<Published>> {
  // A publication by a clock that was ahead must not block those after it.
  const published = [day, catalog.log.at(-1)?.day ?? day].sort().at(-1)!;
  const state = registryStateOf(storage, catalog, published);
  const read = readDocument(input);
  const { document } = read;
  if (!document) {
    const further = read.set ? await wholeSetIssues(state, read.set, options) : [];
    return { ok: false, issues: [...read.issues, ...further] };
  }
  const there = await findEntry(catalog, document);
  const same = await sameSetIssue(state, document, there);
  if (same) return { ok: false, issues: [same] };
  if (there) return again(state, document, there, options);

  const by = { day: published, publisher: options.publisher };
  const table = await tableFor(storage.STORE, catalog, document);
  const change = await replay(storage.STORE, catalog, canonicalJson(document), by, table);
  const { changes, issues: refused } = effectOf(state, document, change);
  const isReplayed = options.replayed && /^(set|workerd)$/.test(document.kind);
  const issues = [...(await documentIssues(state, document, options)), ...refused].filter(
    ({ code }) => !(isReplayed && OF_PAST.includes(code)),
  );
  if (issues.length > 0) return { ok: false, issues };
  const { publication } = change;
  // Nobody reads what a seed would be told.
  const other_bytes = options.replayed ? [] : await otherBytes(state, document);
  const effect = { changes, other_bytes };
  if (options.dryRun) return { ok: true, value: { catalog, status: 'checked', publication, ...effect } };
  return write(storage, catalog, document, change, options, effect);
}

async function otherBytes(
  { storage, view }: RegistryState,
  document: RegistryDocument,
): Promise<Published['other_bytes']> {
  const set = factsOf(document);
  if (set?.kind !== 'set') return [];
  const alike = [...(view?.sets.values() ?? [])].filter(
    ({ abi, released }) => abi === set.abi && released <= set.released,
  );
  const last = sortedBy(alike, ({ released }) => released).at(-1);
  if (!last) return [];
  const { packages } = await readSet(storage.STORE, last);
  const known = new Map(packages.map(({ filename, sha256 }) => [filename, sha256]));
  return set.packages.flatMap(({ name, filename, sha256 }) => {
    const before = known.get(filename);
    return before === undefined || before === sha256 ? [] : [{ name, filename, sha256, before }];
  });
}

/** Appends a document that the caller has checked. */
export async function append(
  storage: RegistryStorage,
  catalog: Catalog,
  document: RegistryDocument,
  day: string,
  options: PublishOptions = {},
): Promise<Outcome<Published>> {
  const { STORE } = storage;
  const table = await tableFor(STORE, catalog, document);
  const change = await changeOf(catalog, document, { day }, table, (head) => readSet(STORE, head));
  return write(storage, catalog, document, change, options, { changes: [], other_bytes: [] });
}

/** Only a set needs the table of the files of those before it, and only one about files their set. */
async function tableFor(
  STORE: R2Bucket,
  catalog: Catalog,
  document: RegistryDocument,
): Promise<FileTable | undefined> {
  return factsOf(document)?.kind === 'set' ? openTable(STORE, catalog) : undefined;
}

/**
 * Everything that is written before the last step is content-addressed. What follows from the ledger and the documents
 * is written after it, by {@link integrate}.
 */
async function write(
  storage: RegistryStorage,
  catalog: Catalog,
  document: RegistryDocument,
  change: SealedChange,
  options: PublishOptions,
  effect: Pick<Published, 'changes' | 'other_bytes'>,
): Promise<Outcome<Published>> {
  const facts = factsOf(document);
  if (facts?.kind === 'set') await storeBuiltWheels(storage, facts, options);
  const { publication, after, table } = change;
  await putDocument(storage.STORE, publication.digest, change.document);
  // A document inside another one is read by its own digest.
  for (const { digest } of [...change.added.sets, ...change.added.seen]) {
    if (digest !== publication.digest) await putDocument(storage.STORE, digest, canonicalJson(facts));
  }
  if (change.added.sets.length > 0) keepTable(after, table);
  try {
    const set = facts?.kind === 'set' ? facts : null;
    await writePublication(storage.DB, publication, catalog.log.at(-1), set);
  } catch (error) {
    if (!(error instanceof OtherHead)) throw error;
    return { ok: false, issues: [otherHead({ revision: catalog.log.length })] };
  }
  return {
    ok: true,
    value: { catalog: change.after, status: 'published', publication, ...effect },
  };
}

/** The entry of a document that is published already, with the same content. */
export async function findEntry(
  catalog: Catalog,
  document: RegistryDocument,
): Promise<Publication | undefined> {
  const name = subjectOf(document);
  const about = catalog.log.filter((entry) => entry.name === name);
  const last = about.findLast(({ kind }) => kind === document.kind);
  // Later publications may have replaced the facts of these kinds.
  if (/^(correction|announcement)$/.test(document.kind) && last !== about.at(-1)) return undefined;
  return last && last.digest === (await sha256(canonicalJson(document))) ? last : undefined;
}

/** Published again: changes nothing, except that it stores missing wheels of the set. */
async function again(
  { storage, catalog }: RegistryState,
  document: RegistryDocument,
  publication: Publication,
  options: PublishOptions,
): Promise<Outcome<Published>> {
  const facts = factsOf(document);
  if (facts?.kind === 'set') {
    const { issues } = await checkBuiltWheels(storage.STORE, facts, options);
    if (issues.length > 0) return { ok: false, issues };
    if (!options.dryRun) await storeBuiltWheels(storage, facts, options);
  }
  const { revision: announcement } = publication;
  const withdrawn = catalog.log.find(({ kind, name }) => kind === 'withdrawal' && name === `${announcement}`);
  if (withdrawn) {
    return { ok: false, issues: [alreadyWithdrawn({ announcement, revision: withdrawn.revision })] };
  }
  return { ok: true, value: { catalog, status: 'unchanged', publication, changes: [], other_bytes: [] } };
}

/** The answers that change, and issues for those that must not. */
function effectOf(
  { view, published }: RegistryState,
  document: RegistryDocument,
  change: SealedChange,
): { changes: AnswerChange[]; issues: Issue[] } {
  if (!mayChangeAnswers(change)) return { changes: [], issues: [] };
  const after = viewCatalog(change.after);
  if (!after.ok) return { changes: [], issues: after.issues };
  const changes = answerChanges(view, after.value, published);
  if (document.kind === 'correction') return { changes, issues: [] };
  const settled = document.kind === 'announcement' ? addDays(document.takes_effect, -1) : published;
  // An announcement that has no effect yet gives no answers that its withdrawal could take away.
  const isAnswered = ({ after }: AnswerChange) => document.kind !== 'withdrawal' || after !== null;
  const past = changes.filter((answer) => changesPast(answer, settled) && isAnswered(answer));
  if (past.length === 0) return { changes, issues: pastWindowIssues(view, document, settled) };
  return {
    changes,
    issues: past.map(({ compatibility_flags: flags, from, until, before, after }) =>
      changesAnswer({
        flags,
        from,
        until: until ?? settled,
        before: selectedText(before),
        after: selectedText(after),
      }),
    ),
  };
}

/**
 * A support window may only move on days that are still to come. Moving its end in the past changes no answer while there
 * is no newer Python, but it would as soon as there is one.
 */
function pastWindowIssues(view: CatalogView | null, document: RegistryDocument, settled: string): Issue[] {
  if (document.kind !== 'python') return [];
  const before = view?.pythons.find(({ python }) => python === document.python)?.supported_until;
  if (before === undefined || before === document.supported_until) return [];
  const [day] = [before, document.supported_until].sort() as [string];
  return day > settled ? [] : [earlyEffect({ day, earliest: addDays(settled, 1) })];
}

/** A set that needs its flag changes no other answer, and neither does a yanked wheel. */
function mayChangeAnswers({ added, withdrawn }: CatalogChange): boolean {
  const facts = [added, withdrawn].flatMap((rows) => [
    ...rows.pythons,
    ...rows.flags,
    ...rows.releases,
    ...rows.yanks.filter(({ sha256 }) => sha256 === null),
  ]);
  return facts.length > 0 || added.sets.some(({ default_from }) => default_from !== null);
}
