/** Sends pages in the requested format. An isolate renders each page once. */
import { getQueryParam } from 'hono/utils/url';
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { type Reply, replyReadily } from '../http/reply.ts';
import type { Snapshot } from '../storage/isolate.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { logWarning } from '../structured-log.ts';
import { CONTENT_TYPES, type Form, formOfAccept, formOfFormat, MEDIA_TYPES } from './form.ts';

/** The limit of cached pages, in characters of their bodies. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/** After this time, a page is rendered again if some of its wheels were not stored yet. */
const RENDER_AGAIN_AFTER_MS = 5_000;

export interface Rendered {
  body: string;
  /** Whether the page does not change until the catalog does. */
  settled: boolean;
  /** Whether some data of the page could not be looked up. */
  stale: boolean;
}

interface CachedPage {
  reply: Reply;
  settled: boolean;
  /** The digest of the newest revision when the page was rendered. */
  digest: string;
  renderedAt: number;
}

const pages = new LRUCache<string, CachedPage>({ maxSize: KEPT_CHARACTERS });

/** Sends the page of `key`. Renders it if it is new, or if more of its wheels may be stored by now. */
export async function send(
  c: Call,
  snapshot: Snapshot,
  key: string,
  render: (form: Form) => Promise<Rendered | Response>,
): Promise<Response> {
  const form = formOf(c);
  if (form === null) return notAcceptable();
  const keyOfForm = `${key} ${form}`;
  const { digest } = snapshot.head.stamp;
  let page = pages.get(keyOfForm);
  let { stale } = snapshot;
  if (!page || !isFresh(page, digest)) {
    try {
      const rendered = await render(form);
      if (rendered instanceof Response) return rendered;
      page = await keep(keyOfForm, digest, form, rendered);
    } catch (error) {
      if (!page || !(error instanceof StorageUnavailableError)) throw error;
      logWarning('a page of the simple index could not be renewed', error);
      stale = true;
    }
  }
  const { reply, settled, renderedAt } = page;
  const until = settled ? Infinity : renderedAt + RENDER_AGAIN_AFTER_MS;
  return replyReadily(c, stale ? { ...reply, stale } : reply, snapshot, until);
}

function isFresh(kept: CachedPage, digest: string): boolean {
  if (kept.digest !== digest) return false;
  if (kept.settled) return true;
  const now = Date.now();
  if (now - kept.renderedAt < RENDER_AGAIN_AFTER_MS) return true;
  // Meanwhile, other requests get the old page.
  kept.renderedAt = now;
  return false;
}

async function keep(
  key: string,
  digest: string,
  form: Form,
  { body, settled, stale }: Rendered,
): Promise<CachedPage> {
  const etag = `"${(await sha256(body)).slice(0, 32)}.${form}"`;
  const contentType = CONTENT_TYPES[form];
  const reply: Reply = { body, etag, immutable: false, contentType, vary: 'Accept', stale };
  const page = { reply, settled, digest, renderedAt: Date.now() };
  pages.set(key, page, { size: key.length + body.length });
  return page;
}

function formOf(c: Call): Form | null {
  const format = getQueryParam(c.req.url, 'format') as string | undefined;
  return format === undefined ? formOfAccept(c.req.raw.headers.get('accept')) : formOfFormat(format);
}

function notAcceptable(): Response {
  const response = problem('not_acceptable', `A page of the simple index is ${MEDIA_TYPES.join(', ')}.`);
  response.headers.set('vary', 'Accept');
  return response;
}
