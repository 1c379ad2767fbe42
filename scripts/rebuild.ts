/**
 * `npm run rebuild` makes the tables of D1 that follow from R2 (the ledger, the index of pins, the list of stored files)
 * what R2's signed log, documents and files say. Who may publish is in D1 alone, and stays as it is. A head that is
 * damaged, or whose catalog is, is removed: the ledger and the documents that it names make another.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { drizzle } from 'drizzle-orm/d1';
import { DocumentMissing, readDocument } from '../registry/storage/documents.ts';
import {
  countPins,
  pinsOf,
  readEntries,
  readPins,
  replacedRows,
  runTogether,
  writePins,
} from '../registry/storage/ledger.ts';
import { openNewest, withLedger } from '../registry/storage/newest.ts';
import { publications, wheels } from '../registry/storage/schema.ts';
import { DamagedHead, HEAD, readStoredHead } from '../registry/storage/signed-head.ts';
import { listWheels } from '../registry/storage/wheels.ts';
import { factsOf } from '../resolver/publication.ts';
import type { Catalog, PackageSet, RegistryDocument } from '../resolver/schemas.ts';
import { sortedBy } from '../resolver/sorted-by.ts';
import { orUsage } from './command.ts';
import { migrate } from './migrate.ts';
import { STORED_OPTIONS, type Stored, withStored } from './stored.ts';

const USAGE = `npm run rebuild              make the tables of D1 again from R2
npm run rebuild -- --check   only say what differs, with exit code 1

  --persist FOLDER   of the registry on this machine, by default of npm start
  --config FILE      instead, what this configuration binds, such as
                     .wrangler/pinwheel/wrangler.json, of npm run deploy`;

/**
 * Compares D1 with R2, and, unless it only checks, mends what differs. Entries of the ledger that follow the signed log are
 * publications that nobody has signed yet, and stay.
 *
 * Throws if R2 lacks a document of its log.
 * @returns a line for each difference
 */
export async function rebuild({ DB, STORE }: Stored, check: boolean): Promise<string[]> {
  const said: string[] = [];
  const mend = async (difference: string, work: () => Promise<void>) => {
    said.push(difference);
    if (!check) await work();
  };

  await migrate(DB);
  const signed = await catalogOfHead(STORE).catch(async (error: Error) => {
    const damage = error instanceof DamagedHead ? error : error.cause;
    if (!(damage instanceof DamagedHead || damage instanceof DocumentMissing)) throw error;
    await mend(`head: ${damage.message}; the next start signs what the ledger in D1 says`, () =>
      STORE.delete(HEAD),
    );
    return null;
  });
  const catalog = signed ?? (await withLedger({ DB, STORE }, null));
  if (catalog.log.length === 0) {
    throw new Error(
      'R2 has no head of a log, and D1 no ledger. Restore a backup, or start anew with npm start.',
    );
  }
  const documents = await Promise.all(catalog.log.map(({ digest }) => readDocument(STORE, digest)));
  const pinned = new Map<string, PackageSet>();
  for (const document of documents) {
    const facts = factsOf(JSON.parse(document) as RegistryDocument);
    if (facts?.kind === 'set') pinned.set(facts.flag, facts);
  }
  const db = drizzle(DB);

  const ledger = await readEntries(DB, 0);
  const differing = catalog.log.filter((entry, at) => !isDeepStrictEqual(ledger[at], entry));
  if (differing.length > 0) {
    const first = `from revision ${differing[0]!.revision} on`;
    await mend(`publications: ${differing.length} of ${catalog.log.length} differ, ${first}`, () =>
      runTogether(DB, replacedRows(publications, catalog.log)),
    );
  }

  const counts = await countPins(db);
  const flags = [...new Set([...pinned.keys(), ...counts.keys()])];
  const found = await Promise.all(flags.map((flag) => readPins(db, flag)));
  for (const [at, flag] of flags.entries()) {
    const document = pinned.get(flag) ?? { flag, packages: [] };
    const due = pinsOf(document);
    if (isDeepStrictEqual(found[at], due)) continue;
    const what = `pins: D1 has ${counts.get(flag) ?? 0} of ${flag}, whose document has ${due.length}`;
    await mend(what, () => writePins(DB, document));
  }

  const stored = sortedBy(await listWheels(STORE), ({ sha256 }) => sha256);
  const listed = await db.select().from(wheels).orderBy(wheels.sha256);
  if (!isDeepStrictEqual(listed, stored)) {
    await mend(`wheels: D1 lists ${listed.length}, R2 has ${stored.length}`, () =>
      runTogether(DB, replacedRows(wheels, stored)),
    );
  }
  return said;
}

/** The catalog that the head leads to; null without a head. */
async function catalogOfHead(STORE: R2Bucket): Promise<Catalog | null> {
  const head = await readStoredHead(STORE, null);
  return head && (await openNewest(STORE, head.newest)).catalog;
}

if (import.meta.main) {
  const { check, ...which } = orUsage(USAGE, () => {
    const options = { check: { type: 'boolean', default: false }, ...STORED_OPTIONS } as const;
    return parseArgs({ options }).values;
  });
  await withStored(which, async (stored) => {
    const said = await rebuild(stored, check);
    for (const line of said) console.log(`pinwheel: ${line}`);
    if (said.length === 0) console.log('pinwheel: D1 is what R2 says');
    else if (check) process.exitCode = 1;
    else
      console.log(
        'pinwheel: made again from R2. Tokens and trusted publishers are in D1 alone: npm run access -- token list',
      );
  });
}
