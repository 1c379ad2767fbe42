/** The pages: the API's questions as forms, which work without JavaScript. */
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { printable } from '../../resolver/text/printable.ts';
import type { Env } from '../env.ts';
import { PROBLEMS } from '../http/problem.ts';
import { failureCode } from '../http/router.ts';
import { assets } from './assets.ts';
import { FailurePage, MissingPage } from './components/no-answer.tsx';
import { sendPage } from './components/respond.tsx';
import { factPages } from './facts/route.tsx';
import { feed } from './feed/route.ts';
import { matrixPage } from './matrix/route.tsx';
import { packagePage } from './package/route.tsx';
import { resolvePage } from './resolve/route.tsx';
import { shared } from './shared/route.ts';
import { upgradePage } from './upgrade/route.tsx';

export const pages = new Hono<Env>();

const ROUTES = [assets, shared, matrixPage, resolvePage, packagePage, factPages, upgradePage, feed];
/** The pages with a form that is sent as a query. */
const FORMS = ['/', '/sets/:flag', '/packages/:name', '/resolve', '/compare'];

/** Without scripts, a form sends empty fields too. They are removed, because people share addresses. */
pages.on('GET', FORMS, async (c, next) => {
  const url = new URL(c.req.url);
  if (!/=(&|$)/.test(url.search)) return next();
  const given = [...url.searchParams].filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return c.redirect(url.pathname + (query && `?${query}`), 303);
});

for (const routes of ROUTES) pages.route('/', routes);

pages.onError((error) => {
  if (error instanceof HTTPException)
    return sendPage(error.status, <FailurePage title={error.message} temporary={false} />);
  const code = failureCode(error);
  const { status, title } = PROBLEMS[code];
  return sendPage(status, <FailurePage title={title} temporary={code === 'storage_unavailable'} />);
});

/** For browsers, at an invalid address. */
export function nothingHere(c: Context<Env>): Response {
  const { status, title } = PROBLEMS.not_found;
  return sendPage(
    status,
    <MissingPage
      title={title}
      place={null}
      near={[]}
      more={`This registry has no page ${printable(c.req.path.slice(0, 200))}.`}
    />,
  );
}
