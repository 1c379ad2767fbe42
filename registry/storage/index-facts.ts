/** Immutable facts of an index, as JSON in R2, with a cache in the isolate. */
import { LRUCache } from 'lru-cache';
import { read, write } from './operations.ts';

/** In characters. */
const KEPT = 16 * 1024 * 1024;

const recent = new LRUCache<string, string>({ maxSize: KEPT });

const keyOf = (key: string) => `index/${key}`;

export async function getIndexFact<Fact>(store: R2Bucket, key: string): Promise<Fact | null> {
  const known = recent.get(key);
  if (known !== undefined) return JSON.parse(known) as Fact;
  const object = await read(() => store.get(keyOf(key)));
  if (!object) return null;
  const text = await read(() => object.text());
  recent.set(key, text, { size: text.length + 1 });
  return JSON.parse(text) as Fact;
}

export async function putIndexFact(store: R2Bucket, key: string, fact: unknown): Promise<void> {
  const text = JSON.stringify(fact);
  await write(() => store.put(keyOf(key), text));
  recent.set(key, text, { size: text.length + 1 });
}
