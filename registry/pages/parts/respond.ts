/** How pages are sent: trusted with this origin's own files only, and cached like the API's answers. */
import type { Context } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Env } from '../../env.ts';
import { reply } from '../../http/reply.ts';

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

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'same-origin',
};

export type Page = JSX.Element;

/** A page that no cache keeps: a refusal or a failure. */
export function sendPage(status: number, page: Page): Response {
  const headers = { 'content-type': HTML, 'cache-control': 'no-store', ...PAGE_HEADERS };
  return new Response(documentOf(page), { status, headers });
}

interface PageReply {
  etag: string;
  stale: boolean;
  page: () => Promise<Page>;
  /** Whether its script may ask this origin. */
  connects?: boolean;
}

/**
 * A page that answers a question. It is not `immutable` even where its question names a revision: it links to
 * the stylesheet of this version of the Worker. Rendered only for those who do not have it yet.
 */
export async function replyWithPage(
  c: Context<Env>,
  { etag, stale, page, connects = false }: PageReply,
): Promise<Response> {
  const answer = { etag, stale, immutable: false, contentType: HTML };
  const known = reply(c, { ...answer, body: '' });
  const response = known.status === 304 ? known : reply(c, { ...answer, body: documentOf(await page()) });
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  if (connects) response.headers.set('content-security-policy', `${POLICY}; connect-src 'self'`);
  return response;
}

function documentOf(page: Page): string {
  return `<!doctype html>${page}`;
}
