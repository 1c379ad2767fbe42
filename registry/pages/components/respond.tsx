/**
 * Reads posted forms, and sends pages as HTML or as Markdown: they may load only this origin's files, and are cached like
 * the API's answers.
 */
import type { Context } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { asOfIssue } from '../../../resolver/compatibility/target.ts';
import type { Issue, TargetQuestion } from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Env } from '../../env.ts';
import { readForm } from '../../http/form.ts';
import { PROBLEMS, problem, problemOf, statusOf } from '../../http/problem.ts';
import type { Form } from '../../http/question.ts';
import { endOfToday, etagOf, type Reply, reply, replyReadily, today } from '../../http/reply.ts';
import { openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import { type Dated, Document, type NavigationLink, PageAddress } from './document.tsx';
import { Issues } from './issues.tsx';
import { MARKDOWN, markdownOf } from './markdown.ts';

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export type Page = JSX.Element;

/** The form of a page that its address asks for. With `connects`, its script may send requests to this origin. */
function formOf(c: Context<Env>, connects: boolean) {
  const { pathname, search } = new URL(c.req.url);
  const address = new URL(c.req.path + search, c.env.PUBLIC_URL);
  const headers = { 'referrer-policy': 'same-origin' };
  if (pathname.endsWith('.md')) {
    return { contentType: MARKDOWN, headers, render: (page: Page) => markdownOf(page, address) };
  }
  const policy = connects ? `${POLICY}; connect-src 'self'` : POLICY;
  return {
    contentType: 'text/html; charset=utf-8',
    headers: { ...headers, 'content-security-policy': policy },
    render: (page: Page, isError = false) => {
      const shown = isError || c.req.method === 'POST' ? null : address;
      return `<!doctype html>${<PageAddress.Provider value={shown}>{page}</PageAddress.Provider>}`;
    },
  };
}

/** A page that is not cached, such as that of an error. */
export function sendPage(c: Context<Env>, status: number, page: Page, connects = false): Response {
  const { contentType, headers, render } = formOf(c, connects);
  return new Response(render(page, true), {
    status,
    headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers },
  });
}

/** The page for a question without an answer, where there is no form. */
export function refuse(
  c: Context<Env>,
  place: NavigationLink,
  title: string,
  issues: readonly Issue[],
  status: number = statusOf(issues),
): Response {
  const page = (
    <Document title="Invalid question" place={place}>
      <h1>{title}</h1>
      <Issues issues={issues} />
    </Document>
  );
  return sendPage(c, status, page);
}

/** A page that only the Worker's code determines. */
export function replyWithConstant(c: Context<Env>, page: Page): Response {
  const { render, ...form } = formOf(c, false);
  return reply(c, { ...form, etag: etagOf(c, 'page'), immutable: false, body: render(page) });
}

export interface Facts extends Dated {
  snapshot: Snapshot;
  /** The end of today, when a page of these facts expires. */
  until: number;
  question: TargetQuestion;
}

/** The catalog at the revision and the day of an address, by default the newest and today; or what is wrong with them. */
export async function factsAsked(c: Context<Env>): Promise<Facts | { issues: readonly Issue[] }> {
  const until = endOfToday();
  const { outcome } = readForm(new URL(c.req.url).searchParams, today());
  if (!outcome.ok) return { issues: outcome.issues };
  const { question, revision } = outcome.value;
  const asOf = question.as_of;
  const issue = asOfIssue(asOf);
  if (issue) return { issues: [issue] };
  const snapshot = await openSnapshot(c);
  const view = snapshot.view(revision);
  return view.ok ? { snapshot, view: view.value, asOf, question, until } : { issues: view.issues };
}

/**
 * A text about these facts, or another reply. It is not made for clients that have it, and not `immutable` even if its
 * address names a revision, because pages link to the stylesheet of this version of the Worker.
 */
async function replyAbout(
  c: Context<Env>,
  { snapshot, view, asOf, until }: Facts,
  form: Pick<Reply, 'contentType' | 'headers'>,
  make: () => Promise<string | Response>,
): Promise<Response> {
  // Texts call the day of the clock today.
  const etag = etagOf(c, view.stamp.digest, asOf, today());
  const answer = { ...form, etag, stale: snapshot.stale, immutable: false };
  const known = reply(c, { ...answer, body: '' });
  // `*` asks whether there is such a page.
  if (known.status === 304 && c.req.header('if-none-match')!.trim() !== '*') return known;
  const body = await make();
  return body instanceof Response ? body : replyReadily(c, { ...answer, body, until }, snapshot, until);
}

/** A page about these facts. Its script may ask if it `connects`. */
export function replyWithPage(
  c: Context<Env>,
  facts: Facts,
  page: () => Promise<Page | Response>,
  connects: boolean,
): Promise<Response> {
  const { render, ...form } = formOf(c, connects);
  return replyAbout(c, facts, form, async () => {
    const made = await page();
    return made instanceof Response ? made : render(made);
  });
}

/** A text about the facts that its address asks for; null if there is none. */
export async function replyWithText(
  c: Context<Env>,
  contentType: string,
  make: (facts: Facts) => Promise<string | Response | null>,
): Promise<Response> {
  const facts = await factsAsked(c);
  if ('issues' in facts) return problemOf(facts.issues);
  const nothing = () => problem('not_found', 'Nothing has this address.');
  return replyAbout(c, facts, { contentType }, async () => (await make(facts)) ?? nothing());
}

/** A page about the facts that its address asks for. */
export async function replyWithFacts(
  c: Context<Env>,
  place: NavigationLink,
  page: (facts: Facts) => Promise<Page | Response>,
  { connects = false } = {},
): Promise<Response> {
  const facts = await factsAsked(c);
  if ('issues' in facts) return refuse(c, place, 'No answer', facts.issues);
  return replyWithPage(c, facts, () => page(facts), connects);
}

/** The content types of forms, and the boundary of parts, whose length RFC 2046 limits. */
const FORMS =
  /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data(?:.*;\s*boundary="?([^\s";]{1,70})"?)?)\s*(?:;|$)/i;

/** The limit of the headers of all parts, in UTF-16 units: workerd takes some 10 µs for each header of fifty. */
const LONGEST_HEADERS = 100_000;

/** A posted form, or the page that says what is wrong with it. */
export async function readPosted(c: Context<Env>): Promise<Form | Response> {
  const no = (problem: 'no_form' | 'unread_form', { status }: { status: number }) =>
    refuse(c, '/resolve', 'No answer', [invalidParameter({ problem })], status);
  const type = FORMS.exec(c.req.header('content-type') ?? '');
  if (!type) return no('no_form', PROBLEMS.unsupported_media_type);
  const text = await c.req.text();
  const isParts = /multipart/i.test(type[0]);
  const form = isParts ? await readParts(text, type[1]) : new URLSearchParams(text);
  return form ?? no('unread_form', PROBLEMS.invalid_question);
}

/** A form of parts; null if it is malformed, or if reading it would take too long. */
async function readParts(text: string, boundary: string | undefined): Promise<FormData | null> {
  if (boundary === undefined) return null;
  const [, ...parts] = text.split(`--${boundary}`);
  if (parts.reduce((sum, part) => sum + headerLength(part), 0) > LONGEST_HEADERS) return null;
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` };
  return new Response(text, { headers }).formData().catch(() => null);
}

function headerLength(part: string): number {
  const end = part.search(/\r?\n\r?\n/);
  return end < 0 ? part.length : end;
}
