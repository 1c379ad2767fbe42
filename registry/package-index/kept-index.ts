/**
 * The operator's index. What it listed up to the end of the last past day is stored when a project is first asked for, once
 * for all days before: the same question gets the same answer, even if files are removed later. A question about a later
 * day adds what was uploaded since. METADATA is stored under the project whose page names its file: a page can claim any
 * hash.
 */
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import { type IndexFile, openIndex, type PackageIndex } from '../../resolver/solver/index.ts';
import { cacheKey, projectOf } from '../../resolver/solver/package-index.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import type { Bindings } from '../env.ts';
import { openFacts } from '../storage/index-facts.ts';
import { guardedFetch } from './guarded-fetch.ts';

/** Limits of one answer; an isolate has 128 MB for everything. */
const MOST_BYTES = 16_000_000;
const TIMEOUT_MS = 10_000;
/** An index may show an upload with a delay. */
const SETTLED_AFTER_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The files of all cached pages, of about a kilobyte each. */
const KEPT_FILES = 16_000;

/** Pages as the index lists them today, which may change soon. */
const pages = new LRUCache<string, { files: readonly IndexFile[] | null }>({
  maxSize: KEPT_FILES,
  sizeCalculation: ({ files }) => 1 + (files?.length ?? 0),
  ttl: 300_000,
  // Otherwise the cache keeps the time of a request until a timer, which workerd ends with that request.
  ttlResolution: 0,
});

/** The wheels of a project for some Pyodide or for every platform, uploaded `until` the end of a day, in milliseconds. */
interface Listing {
  until: number;
  files: IndexFile[];
}

/**
 * The index for one question, within its limits. With `isFresh`, it lists what there is today, to explain what was
 * uploaded after the cut-off.
 */
export function keptIndex(env: Bindings, url: string): (isFresh: boolean) => PackageIndex {
  const named = new Set<string>();
  const fetch = guardedFetch(env, url.replace(/\/?$/, '/'), named);
  const live = openIndex({ url, fetch, timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES });
  const facts = openFacts(env.STORE);
  /** Files that pages list: only these are stored, because a URL in a question may claim any hash. */
  const listed = new Map<string, IndexFile>();
  const addressOf = ({ filename, url: at, sha256: hash }: IndexFile) => JSON.stringify([filename, at, hash]);
  const keyOf = (...parts: string[]) => [url, ...parts].map(encodeURIComponent).join('/');

  const listLive = async (name: string) => {
    const known = pages.get(`${url} ${name}`) ?? { files: await live.versionsOf(name) };
    pages.set(`${url} ${name}`, known);
    return known.files;
  };
  const listUntil = async (name: string, cutoff: number) => {
    const end = endOfDay(cutoff);
    const settled = endOfDay(lastSettled());
    if (end > settled) return listLive(name);
    const key = keyOf('files', name);
    let listing = await facts.get<Listing>(key);
    if (!listing || listing.until < end) {
      const files = await listLive(name);
      if (!files || files.some(({ upload_time }) => upload_time === null)) return files;
      const { until, files: before } = listing ?? { until: Number.NEGATIVE_INFINITY, files: [] };
      const more = files.filter((file) => isUsable(file) && isBetween(file, until, settled));
      listing = { until: settled, files: [...before, ...more] };
      await facts.put(key, listing);
    }
    return listing.files.filter((file) => isBetween(file, Number.NEGATIVE_INFINITY, end));
  };
  const keep = async <Fact>(kind: string, file: IndexFile, find: () => Promise<Fact>): Promise<Fact> => {
    const entry = listed.get(addressOf(file));
    if (!entry || entry.sha256 === null) return find();
    const key = keyOf(kind, projectOf(entry)!, await sha256(cacheKey(entry)));
    const kept = await facts.get<Fact>(key);
    if (kept !== null) return kept;
    const fact = await find();
    await facts.put(key, fact);
    return fact;
  };
  return (isFresh) => {
    const versionsOf = async (name: string, until: number | null = null) => {
      const files = await (until === null || isFresh ? listLive(name) : listUntil(name, until));
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
  };
}

const lastSettled = () => Date.now() - SETTLED_AFTER_MS - DAY_MS;

/** The last day of which the index shows all uploads, and so is stored: yesterday, but for the first hour of a day. */
export const settledDay = (): string => new Date(lastSettled()).toISOString().slice(0, 10);

const endOfDay = (time: number) => Math.floor(time / DAY_MS) * DAY_MS + DAY_MS - 1;

/** Whether a file was uploaded after one time, and not after another. */
function isBetween({ upload_time }: IndexFile, after: number, until: number): boolean {
  const uploaded = Date.parse(upload_time!);
  return uploaded > after && uploaded <= until;
}

/** Whether some Pyodide can run a file, by its name. Of large projects, most are for other machines. */
function isUsable({ filename, sha256: hash }: IndexFile): boolean {
  const { platforms = [] } = parseWheelName(filename) ?? {};
  return hash !== null && platforms.some((platform) => platform === 'any' || platform.endsWith('_wasm32'));
}
