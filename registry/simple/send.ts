/** How pages are sent: in the form that was asked for, and rendered once for each isolate. */
import type { Context } from 'hono';
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import { problem } from '../api/problem.ts';
import { isNotModified, reply } from '../api/reply.ts';
import type { Env } from '../env.ts';
import { type Snapshot, StorageUnavailable } from '../storage/isolate.ts';
import { CONTENT_TYPES, type Form, formOfAccept, formOfFormat, MEDIA_TYPES } from './form.ts';

/** In characters of their bodies. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/** After this long, a page that was rendered before all was known of its wheels is rendered again. */
const RENDER_AGAIN_AFTER_MS = 5_000;

export interface Rendered {
  body: string;
  /** Whether it stays as it is until the catalog changes. */
  settled: boolean;
  /** Some of what it says could not be looked up. */
  stale: boolean;
}

/** As it is sent, again and again: headers are copied into a response much faster than they are made. */
interface Page {
  body: string;
  etag: string;
  headers: Headers;
}

interface Kept extends Page {
  settled: boolean;
  /** Of the newest revision when it was rendered. */
  digest: string;
  renderedAt: number;
}

const pages = new LRUCache<string, Kept>({ maxSize: KEPT_CHARACTERS });

/** Sends the page under `key`, rendered only where it is new, or where its wheels may be known better by now. */
export async function send(
  c: Context<Env>,
  { head, stale }: Snapshot,
  key: string,
  render: (form: Form) => Promise<Rendered | Response>,
): Promise<Response> {
  const form = formOf(c);
  if (form === null) return notAcceptable();
  const keyOfForm = `${key} ${form}`;
  const { digest } = head.stamp;
  const kept = pages.get(keyOfForm);
  let page: Page | undefined = kept;
  let known = !stale;
  if (!kept || !isFresh(kept, digest)) {
    try {
      const rendered = await render(form);
      if (rendered instanceof Response) return rendered;
      page = await keep(c, keyOfForm, digest, form, rendered);
    } catch (error) {
      if (!kept || !(error instanceof StorageUnavailable)) throw error;
      console.warn('a page of the simple index could not be renewed', error.message, error.cause);
      known = false;
    }
  }
  const { body, etag, headers } = page!;
  const init = { headers: known ? headers : headersOf(c, form, etag, true) };
  if (isNotModified(c.req.raw.headers, etag)) return new Response(null, { status: 304, ...init });
  return new Response(body, init);
}

function isFresh(kept: Kept, digest: string): boolean {
  if (kept.digest !== digest) return false;
  if (kept.settled) return true;
  const now = Date.now();
  if (now - kept.renderedAt < RENDER_AGAIN_AFTER_MS) return true;
  // Whoever asks while it is rendered again gets what there is.
  kept.renderedAt = now;
  return false;
}

async function keep(
  c: Context<Env>,
  key: string,
  digest: string,
  form: Form,
  { body, settled, stale }: Rendered,
): Promise<Page> {
  const etag = `"${(await sha256(body)).slice(0, 32)}.${form}"`;
  const headers = headersOf(c, form, etag, stale);
  pages.set(
    key,
    { body, etag, headers, settled, digest, renderedAt: Date.now() },
    { size: key.length + body.length },
  );
  return { body, etag, headers };
}

function headersOf(c: Context<Env>, form: Form, etag: string, stale: boolean): Headers {
  const contentType = CONTENT_TYPES[form];
  const headers = new Headers(reply(c, { body: '', etag, immutable: false, contentType, stale }).headers);
  headers.set('vary', 'Accept');
  return headers;
}

function formOf(c: Context<Env>): Form | null {
  const format = c.req.query('format');
  return format === undefined ? formOfAccept(c.req.raw.headers.get('accept')) : formOfFormat(format);
}

function notAcceptable(): Response {
  const response = problem('not_acceptable', `A page of the simple index is ${MEDIA_TYPES.join(', ')}.`);
  response.headers.set('vary', 'Accept');
  return response;
}
