/**
 * Facts of an index, as JSON in R2, with a cache in the isolate. What R2 has not as it was stored, or has had for too
 * long, counts as missing.
 */
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import { logError } from '../structured-log.ts';
import { read, readBody, write } from './operations.ts';
import { checkedHash } from './wheels.ts';

/** The limit of cached facts, in characters. */
const KEPT = 16 * 1024 * 1024;
/** The most facts that a question reads from R2, and writes to it. For others, the index is asked, within its own limits. */
const MOST_READS = 400;
const MOST_WRITES = 50;
const MOST_WRITTEN = 2 * 1024 * 1024;

/** The folder of these objects in R2, and how long they are kept since they were last written. */
export const FACTS = 'index/';
export const FACTS_MS = 90 * 86_400_000;

const recent = new LRUCache<string, string>({ maxSize: KEPT });

const keyOf = (key: string) => FACTS + key;

export interface IndexFacts {
  get<Fact>(key: string): Promise<Fact | null>;
  /** Stores a fact, unless the question has stored as much as it may. */
  put(key: string, fact: unknown): Promise<void>;
}

export function openFacts(store: R2Bucket): IndexFacts {
  let [reads, writes, characters] = [MOST_READS, MOST_WRITES, MOST_WRITTEN];
  return {
    async get<Fact>(key: string) {
      const known = recent.get(key);
      if (known !== undefined) return JSON.parse(known) as Fact;
      if (reads-- <= 0) return null;
      const object = await read(() => store.get(keyOf(key)));
      if (!object) return null;
      const text = await readBody(() => object.text());
      if (Date.now() - object.uploaded.getTime() > FACTS_MS) return null;
      if ((await sha256(text)) !== checkedHash(object)) {
        logError(`${object.key} in R2 is corrupted`);
        return null;
      }
      recent.set(key, text, { size: text.length + 1 });
      return JSON.parse(text) as Fact;
    },
    async put(key, fact) {
      const text = JSON.stringify(fact);
      if (writes <= 0 || text.length > characters) return;
      writes--;
      characters -= text.length;
      const hash = await sha256(text);
      await write(() => store.put(keyOf(key), text, { sha256: hash }));
      recent.set(key, text, { size: text.length + 1 });
    },
  };
}
