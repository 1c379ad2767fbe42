/**
 * Objects of R2 that are derived from the documents of some sets, which the log vouches for: publishing a set extends
 * the previous object, and the key of the log signs the result. One that is missing or was changed is derived again.
 */

import { sha256 } from '../../resolver/digest.ts';
import type { PackageSet } from '../../resolver/index.ts';
import { openNote, type SigningKey, signNote } from '../../resolver/log/note.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { logWarning } from '../structured-log.ts';
import { DocumentMissing, parseSetDocument, readDocument } from './documents.ts';
import { type LogStorage, signingKey } from './log-files.ts';
import { operations, within } from './operations.ts';

/** One kind of such objects. */
export interface Derived<Value> {
  /** In their addresses. */
  kind: string;
  /** Of no sets. */
  empty: Value;
  /** The value with one more set, the `at`th. */
  add(value: Value, set: PackageSet, at: number): Value;
  /** In the order in which it is stored. */
  toJson(value: Value): unknown;
  fromJson(json: unknown): Value;
}

type Named = Pick<CatalogSet, 'digest'>;

/** What this isolate has derived so far of what it could not finish in one request. */
const unfinished = new Map<string, { name: string; count: number; value: unknown }>();

/**
 * The value of sets, in the order of their publication. What R2 lacks of it is derived and stored. If that takes more
 * than `most` documents, throws, and the next call continues where this one ended.
 */
export async function openDerived<Value>(
  of: Derived<Value>,
  storage: LogStorage,
  sets: readonly CatalogSet[],
  most = Number.POSITIVE_INFINITY,
): Promise<Value> {
  let { count, value } = await newestOf(of, storage, sets, most);
  if (count === sets.length) return value;
  const end = Math.min(sets.length, count + most);
  for (const { digest } of sets.slice(count, end)) {
    operations.r2++;
    value = of.add(value, parseSetDocument(await within(readDocument(storage.STORE, digest))), count++);
  }
  if (count < sets.length) {
    unfinished.set(of.kind, { name: await nameOf(sets.slice(0, count)), count, value });
    throw new DocumentMissing(
      `R2 has no ${of.kind} of these sets: ${count} of ${sets.length} are read again`,
    );
  }
  unfinished.delete(of.kind);
  await putDerived(of, storage, sets, value).catch((cause: unknown) =>
    logWarning(`the ${of.kind} of the sets could not be stored`, cause),
  );
  return of.fromJson(of.toJson(value));
}

/** The value of the most sets, from the first one on, that R2 or this isolate has; R2 is asked for the last ones. */
async function newestOf<Value>(
  of: Derived<Value>,
  { STORE, ...storage }: LogStorage,
  sets: readonly CatalogSet[],
  most: number,
): Promise<{ count: number; value: Value }> {
  const key = await signingKey(storage);
  for (let count = sets.length; count > 0 && sets.length - count <= most; count--) {
    const value = await readDerived(of, STORE, await nameOf(sets.slice(0, count)), key);
    if (value !== null) return { count, value };
  }
  const known = unfinished.get(of.kind);
  return known && known.name === (await nameOf(sets.slice(0, known.count)))
    ? { count: known.count, value: known.value as Value }
    : { count: 0, value: of.empty };
}

/** Stores the value of sets. It is not read before all of them are in the log. */
export async function putDerived<Value>(
  of: Derived<Value>,
  storage: LogStorage,
  sets: readonly Named[],
  value: Value,
): Promise<void> {
  const name = await nameOf(sets);
  const json = JSON.stringify(of.toJson(value));
  const statement = statementOf(of, name, await sha256(json));
  const key = await signingKey(storage);
  operations.r2++;
  await storage.STORE.put(keyOf(of, name), `${json}\n${key ? await signNote(statement, key) : statement}`, {
    httpMetadata: { contentType: 'text/plain; charset=utf-8' },
  });
}

/** A stored value; null if it is missing or was changed. */
async function readDerived<Value>(
  of: Derived<Value>,
  STORE: R2Bucket,
  name: string,
  key: SigningKey | null,
): Promise<Value | null> {
  operations.r2++;
  const object = await within(STORE.get(keyOf(of, name)));
  if (!object) return null;
  const bytes = await within(object.bytes());
  const end = bytes.indexOf('\n'.charCodeAt(0));
  const json = bytes.subarray(0, end);
  const note = new TextDecoder().decode(bytes.subarray(end + 1));
  if ((key ? await openNote(note, key) : note) !== statementOf(of, name, await sha256(json))) {
    logWarning(`${keyOf(of, name)} in R2 is not what was stored`);
    return null;
  }
  return of.fromJson(JSON.parse(new TextDecoder().decode(json)));
}

/** A value's name: the digest of its sets. */
const nameOf = (sets: readonly Named[]): Promise<string> =>
  sha256(sets.map(({ digest }) => digest).join('\n'));

const keyOf = ({ kind }: { kind: string }, name: string) => `${kind}/${name}`;

/** The text that the key of the log signs for a value. */
const statementOf = ({ kind }: { kind: string }, name: string, hash: string) =>
  `Pinwheel ${kind}\n${name}\n${hash}\n`;
