/** Sends pages: they may load only this origin's files, and are cached like the API's answers. */
import type { Context } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Env } from '../../env.ts';
import { reply } from '../../http/reply.ts';
import { replyReadily } from '../../http/response-cache.ts';
import type { Snapshot } from '../../storage/isolate.ts';
import { CanonicalAddress } from './document.tsx';

const HTML = 'text/html; charset=utf-8';

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headersOf = (connects: boolean) => ({
  'content-security-policy': connects ? `${POLICY}; connect-src 'self'` : POLICY,
  'referrer-policy': 'same-origin',
});

export type Page = JSX.Element;

/** An error page, which is not cached. With `connects`, its script may send requests to this origin. */
export function sendPage(status: number, page: Page, connects = false): Response {
  const headers = { 'content-type': HTML, 'cache-control': 'no-store', ...headersOf(connects) };
  return new Response(documentOf(page, null), { status, headers });
}

interface PageReply {
  etag: string;
  stale: boolean;
  page: () => Promise<Page>;
  /** Whether its script may send requests to this origin. */
  connects?: boolean;
  /** If the page depends on its address and the snapshot only: it is cached `until`, in ms since the epoch. */
  ready?: { snapshot: Snapshot; until: number };
}

/**
 * A page that answers a question. It is not `immutable` even if its question names a revision, because it links to the
 * stylesheet of this version of the Worker. It is not rendered for clients that have it.
 */
export async function replyWithPage(
  c: Context<Env>,
  { etag, stale, page, connects = false, ready }: PageReply,
): Promise<Response> {
  const answer = { etag, stale, immutable: false, contentType: HTML, headers: headersOf(connects) };
  const known = reply(c, { ...answer, body: '' });
  if (known.status === 304) return known;
  const address = c.env.PUBLIC_URL + new URL(c.req.url).pathname;
  const whole = { ...answer, body: documentOf(await page(), address) };
  return ready ? replyReadily(c, whole, ready.snapshot, ready.until) : reply(c, whole);
}

function documentOf(page: Page, address: string | null): string {
  return `<!doctype html>${<CanonicalAddress.Provider value={address}>{page}</CanonicalAddress.Provider>}`;
}
