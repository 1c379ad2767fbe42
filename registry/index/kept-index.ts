/**
 * The operator's index. What it listed up to the end of a past day is stored when it is first read, by that day: the
 * same question gets the same answer, even if files are uploaded or removed later. METADATA is stored for ever, under
 * the project whose page names its file: a page can claim any hash.
 */
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import { type IndexFile, openIndex, type PackageIndex } from '../../resolver/solver/index.ts';
import { cacheKey, projectOf } from '../../resolver/solver/package-index.ts';
import type { Bindings } from '../env.ts';
import { getIndexFact, putIndexFact } from '../storage/index-facts.ts';
import { guardedFetch } from './guarded-fetch.ts';

/** Limits of one answer; an isolate has 128 MB for everything. */
const MOST_BYTES = 16_000_000;
const TIMEOUT_MS = 10_000;
/** An index may show an upload with a delay. */
const SETTLED_AFTER_MS = 3_600_000;

/** Pages as the index lists them today, which may change soon. */
const pages = new LRUCache<string, { files: readonly IndexFile[] | null }>({
  max: 200,
  ttl: 300_000,
  // Otherwise the cache keeps the time of a request until a timer, which workerd ends with that request.
  ttlResolution: 0,
});

/**
 * @param isFresh whether to read what the index lists today, to explain what was uploaded after the cut-off
 */
export function keptIndex({ STORE }: Pick<Bindings, 'STORE'>, url: string, isFresh = false): PackageIndex {
  const named = new Set<string>();
  const fetch = guardedFetch(url.replace(/\/?$/, '/'), named);
  const live = openIndex({ url, fetch, timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES });
  /** Files that pages list: only these are stored, because a URL in a question may claim any hash. */
  const listed = new Map<string, IndexFile>();
  const addressOf = ({ filename, url: at, sha256: hash }: IndexFile) => JSON.stringify([filename, at, hash]);
  const keyOf = (...parts: string[]) => [url, ...parts].map(encodeURIComponent).join('/');

  const listLive = async (name: string) => {
    const known = pages.get(`${url} ${name}`) ?? { files: await live.versionsOf(name) };
    pages.set(`${url} ${name}`, known);
    return known.files;
  };
  const listUntil = async (name: string, end: number) => {
    const day = new Date(end).toISOString().slice(0, 10);
    const endOfDay = Date.parse(day) + 86_400_000 - 1;
    if (isFresh || endOfDay + SETTLED_AFTER_MS > Date.now()) return listLive(name);
    const key = keyOf('until', day, name);
    const kept = await getIndexFact<IndexFile[]>(STORE, key);
    if (kept) return kept;
    const files = await listLive(name);
    if (!files || files.some(({ upload_time }) => upload_time === null)) return files;
    const before = files.filter(({ upload_time }) => Date.parse(upload_time!) <= endOfDay);
    await putIndexFact(STORE, key, before);
    return before;
  };
  const keep = async <Fact>(kind: string, file: IndexFile, find: () => Promise<Fact>): Promise<Fact> => {
    const entry = listed.get(addressOf(file));
    if (!entry || entry.sha256 === null) return find();
    const key = keyOf(kind, projectOf(entry)!, await sha256(cacheKey(entry)));
    const kept = await getIndexFact<Fact>(STORE, key);
    if (kept !== null) return kept;
    const fact = await find();
    await putIndexFact(STORE, key, fact);
    return fact;
  };
  const versionsOf = async (name: string, until: number | null = null) => {
    const files = await (until === null ? listLive(name) : listUntil(name, until));
    for (const file of files ?? []) {
      named.add(file.url);
      listed.set(addressOf(file), file);
    }
    return files;
  };
  return {
    url: live.url,
    versionsOf,
    metadataOf: (file) => keep('metadata', file, () => live.metadataOf(file)),
    modulesOf: (file) => keep('modules', file, () => live.modulesOf!(file)),
    async fileAt(address) {
      // The page of its project names it, if it is one of the index's own.
      const filename = address.replace(/[?#].*$/s, '').replace(/^.*\//s, '');
      const isOwn = URL.canParse(address) && new URL(address).origin === new URL(url).origin;
      const project = isOwn ? projectOf({ filename }) : null;
      if (project !== null) await versionsOf(project);
      return live.fileAt!(address);
    },
  };
}
