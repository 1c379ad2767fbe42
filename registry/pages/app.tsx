/** The pages: the API's questions as forms, which work without JavaScript. */
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { TrieRouter } from 'hono/router/trie-router';
import { getPath } from 'hono/utils/url';
import { printable } from '../../resolver/text/printable.ts';
import type { Env } from '../env.ts';
import { PROBLEMS } from '../http/problem.ts';
import { failureCode } from '../http/router.ts';
import { assets } from './assets.ts';
import { MARKDOWN_PAGES } from './components/markdown.ts';
import { FailurePage, MissingPage } from './components/no-answer.tsx';
import { sendPage } from './components/respond.tsx';
import { factPages } from './facts/route.tsx';
import { matrixPage } from './matrix/route.tsx';
import { packagePage } from './package/route.tsx';
import { questionPage } from './question/route.tsx';
import { referencePage } from './reference/reference-page.tsx';
import { syndication } from './syndication/route.ts';

const ROUTES = [assets, questionPage, syndication, matrixPage, packagePage, factPages, referencePage];
/** The pages with a form that is sent as a query. */
const FORMS = ['/', '/sets/:flag', '/packages/:name', '/resolve', '/compare'];

// Hono's default tries one regular expression for all routes first, which it cannot make of these.
const asHtml = new Hono<Env>({ router: new TrieRouter() });

/** A form sends empty fields, too. They are removed, because people share addresses. */
asHtml.on('GET', FORMS, async (c, next) => {
  const url = new URL(c.req.url);
  if (!/=(&|$)/.test(url.search)) return next();
  const given = [...url.searchParams].filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return c.redirect(url.pathname + (query && `?${query}`), 303);
});

for (const routes of ROUTES) asHtml.route('/', routes);

asHtml.onError((error, c) => {
  if (error instanceof HTTPException)
    return sendPage(c, error.status, <FailurePage title={error.message} temporary={false} />);
  const code = failureCode(error);
  const { status, title } = PROBLEMS[code];
  return sendPage(c, status, <FailurePage title={title} temporary={code === 'storage_unavailable'} />);
});

/** The pages as Markdown, at addresses that end in `.md`. */
const asMarkdown = new Hono<Env>({
  router: new TrieRouter(),
  getPath: (request) => getPath(request).replace(/\.md$/, ''),
});
asMarkdown.route('/', asHtml);

export const pages = new Hono<Env>({ router: new TrieRouter() });
pages.on('GET', MARKDOWN_PAGES, async (c) => {
  const response = await asMarkdown.fetch(c.req.raw, c.env, c.executionCtx);
  const location = response.headers.get('location');
  return location === null ? response : c.redirect(location.replace(/(?=\?|$)/, '.md'), 302);
});
pages.route('/', asHtml);

/** The page for browsers at an invalid address. */
export function nothingHere(c: Context<Env>): Response {
  const { status, title } = PROBLEMS.not_found;
  const more = `This registry has no page ${printable(c.req.path.slice(0, 200))}.`;
  return sendPage(c, status, <MissingPage title={title} more={more} />);
}
