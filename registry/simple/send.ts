/**
 * Sends pages in the requested format (PEP 691): by `Accept`, or by `?format=` for clients that cannot set it. An isolate
 * renders each page once.
 */
import { type Accept, parseAccept } from 'hono/utils/accept';
import { getQueryParam } from 'hono/utils/url';
import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { type Reply, replyReadily } from '../http/reply.ts';
import type { Snapshot } from '../storage/isolate.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { logWarning } from '../structured-log.ts';

/** The limit of cached pages, in characters of their bodies. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/** After this time, a page is rendered again if some of its wheels were not stored yet. */
const RENDER_AGAIN_AFTER_MS = 5_000;

interface Rendered {
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

/** `html` and `vendor_html` are the same bytes under two names. */
type Form = 'html' | 'json' | 'vendor_html';

export const CONTENT_TYPES: Record<Form, string> = {
  html: 'text/html; charset=utf-8',
  json: 'application/vnd.pypi.simple.v1+json',
  vendor_html: 'application/vnd.pypi.simple.v1+html',
};

/** Every media type of a form. Of those that a client prefers equally, it gets the first. */
const NAMES = new Map<string, Form>([
  ['text/html', 'html'],
  ['application/vnd.pypi.simple.v1+json', 'json'],
  ['application/vnd.pypi.simple.latest+json', 'json'],
  ['application/vnd.pypi.simple.v1+html', 'vendor_html'],
  ['application/vnd.pypi.simple.latest+html', 'vendor_html'],
]);

export const MEDIA_TYPES: readonly string[] = [...NAMES.keys()];

const FORMS: readonly Form[] = ['html', 'json', 'vendor_html'];

/** The form for the value of `?format=`, one media type. Null if there is no such form. */
export function formOfFormat(format: string): Form | null {
  // A `+` that was not percent-encoded arrives as a space.
  return NAMES.get(format.replaceAll(' ', '+').toLowerCase()) ?? null;
}

/** The form that the client prefers, by `Accept` (RFC 9110). Null if it accepts none. */
export function formOfAccept(accept: string | null): Form | null {
  if (accept === null || accept.trim() === '') return 'html';
  const ranges = parseAccept(accept);
  let best: Form | null = null;
  let bestWeight = 0;
  for (const form of FORMS) {
    const weight = weightOf(form, ranges);
    if (weight <= bestWeight) continue;
    best = form;
    bestWeight = weight;
  }
  return best;
}

/** The weight of the most specific range that a form matches, the greatest of equally specific ones. */
function weightOf(form: Form, ranges: readonly Accept[]): number {
  let specificity = 0;
  let weight = 0;
  for (const range of ranges) {
    const matched = specificityOf(form, range.type.toLowerCase());
    if (matched === 0 || matched < specificity) continue;
    weight = matched === specificity ? Math.max(weight, range.q) : range.q;
    specificity = matched;
  }
  return weight;
}

function specificityOf(form: Form, type: string): 0 | 1 | 2 | 3 {
  if (NAMES.get(type) === form) return 3;
  if (type === (form === 'html' ? 'text/*' : 'application/*')) return 2;
  return type === '*/*' ? 1 : 0;
}
