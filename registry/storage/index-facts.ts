/**
 * Immutable facts of an index, as JSON in R2, with a cache in the isolate. What R2 has not as it was stored counts as
 * missing.
 */
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import { logError } from '../structured-log.ts';
import { read, readBody, write } from './operations.ts';
import { checkedHash } from './wheels.ts';

/** The limit of cached facts, in characters. */
const KEPT = 16 * 1024 * 1024;

const recent = new LRUCache<string, string>({ maxSize: KEPT });

const keyOf = (key: string) => `index/${key}`;

export async function getIndexFact<Fact>(store: R2Bucket, key: string): Promise<Fact | null> {
  const known = recent.get(key);
  if (known !== undefined) return JSON.parse(known) as Fact;
  const object = await read(() => store.get(keyOf(key)));
  if (!object) return null;
  const text = await readBody(() => object.text());
  if ((await sha256(text)) !== checkedHash(object)) {
    logError(`${object.key} in R2 is corrupted`);
    return null;
  }
  recent.set(key, text, { size: text.length + 1 });
  return JSON.parse(text) as Fact;
}

export async function putIndexFact(store: R2Bucket, key: string, fact: unknown): Promise<void> {
  const text = JSON.stringify(fact);
  const hash = await sha256(text);
  await write(() => store.put(keyOf(key), text, { sha256: hash }));
  recent.set(key, text, { size: text.length + 1 });
}
