/** Files for other sites and programs: well-known files, badges, feeds, and a calendar. */
import { type Context, Hono } from 'hono';
import { canonicalName } from '../../../resolver/index.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import { knownToday } from '../../api/packages.ts';
import type { Env } from '../../env.ts';
import { isOfTests } from '../../facts/tests.ts';
import { problem, problemOf } from '../../http/problem.ts';
import { endOfToday, etagOf, reply, replyReadily, today } from '../../http/reply.ts';
import { beyondOf } from '../../index/beyond.ts';
import { importedAs, pinnedFilesOf } from '../../storage/history.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import { MARKDOWN } from '../components/markdown.ts';
import { type Facts, factsAsked } from '../components/respond.tsx';
import { noMatrixIssues, openMatrix } from '../matrix/made.ts';
import { listedNames } from '../matrix/matrix.ts';
import type { Verdict } from '../matrix/verdict.ts';
import { factsOf, type PackageFacts } from '../package/facts.ts';
import { knownOn } from '../security/findings.ts';
import { ATOM, atomFeed, changesFeed, packageFeed, securityFeed } from './atom.ts';
import { badge } from './badge.ts';
import { calendarOf } from './calendar.ts';
import { llms, openSearch, robots, sitemap } from './files.ts';
import { matrixMarkdown } from './markdown.ts';

const PLAIN = 'text/plain; charset=utf-8';
const XML = 'application/xml; charset=utf-8';
const SVG = 'image/svg+xml; charset=utf-8';

export const syndication = new Hono<Env>();

syndication.get('/robots.txt', (c) => replyWithText(c, PLAIN, async ({ origin }) => robots(origin)));
syndication.get('/opensearch.xml', (c) =>
  replyWithText(c, 'application/opensearchdescription+xml; charset=utf-8', async ({ origin }) =>
    openSearch(origin),
  ),
);

syndication.get('/sitemap.xml', (c) =>
  replyWithText(c, XML, async ({ origin, view, snapshot }) => {
    const packages = listedNames(view, await pinnedFilesOf(c.env, view));
    const changed = snapshot.catalog.log.at(-1)!.day;
    return sitemap(origin, { packages, sets: [...view.sets.keys()], changed });
  }),
);

syndication.get('/llms.txt', (c) =>
  replyWithText(c, PLAIN, async ({ origin, view }) =>
    llms(origin, listedNames(view, await pinnedFilesOf(c.env, view))),
  ),
);

syndication.get('/index.md', (c) =>
  replyAsAsked(c, MARKDOWN, async ({ origin, view, asOf }) => {
    const matrix = await openMatrix(c.env, view, asOf);
    return matrix ? matrixMarkdown(matrix, origin) : problemOf(noMatrixIssues(view, asOf));
  }),
);

syndication.get('/changes.atom', (c) =>
  replyWithText(c, ATOM, async ({ origin, view, snapshot }) =>
    atomFeed(changesFeed(snapshot.catalog, await pinnedFilesOf(c.env, view), origin)),
  ),
);

syndication.get('/security.atom', (c) =>
  replyAsAsked(c, ATOM, async ({ origin, view, snapshot, asOf }) => {
    const known = await knownOn(c.env, view, asOf);
    return known && atomFeed(securityFeed(known, snapshot.catalog, origin));
  }),
);

syndication.get('/calendar.ics', (c) =>
  replyAsAsked(c, 'text/calendar; charset=utf-8', async ({ origin, view, snapshot, asOf }) =>
    calendarOf(view, asOf, snapshot.catalog.log[view.stamp.revision - 1]!.day, origin),
  ),
);

syndication.get('/packages/:file{.+\\.atom}', (c) => {
  return replyAboutPackage(c, '.atom', ATOM, (facts, { view, snapshot, origin }) =>
    atomFeed(packageFeed(facts, view, snapshot.catalog, origin)),
  );
});

syndication.get('/badge/:file{.+\\.svg}', async (c) => {
  const said = await replyAboutPackage(c, '.svg', SVG, ({ verdict }) => badgeOf(verdict));
  const written = c.req.param('file').slice(0, -'.svg'.length).slice(0, 200);
  const name = canonicalName(written);
  if (said.status !== 404 || isOfTests({ name })) return said;
  const facts = await factsAsked(c);
  if ('issues' in facts) return said;
  const [only, ...others] = await importedAs(c.env, facts.view, written);
  if (only && others.length === 0) {
    return c.redirect(`/badge/${only}.svg${new URL(c.req.url).search}`, 302);
  }
  const known = knownToday(facts.view, name);
  const isAsked = isName(written) && !known && !only;
  const beyond = isAsked ? await beyondOf(c.env, facts.view, name, facts.asOf) : null;
  const text = beyond?.is === 'vendored' ? 'from an index, not run' : 'not in a set';
  const made = known
    ? badge(known.because === 'cannot_run' ? 'no' : 'unknown', known.because.replace('_', ' '))
    : badge('unknown', text);
  return new Response(made, { headers: { 'content-type': SVG, 'cache-control': 'public, max-age=300' } });
});

/** Green only for what was imported. */
function badgeOf({ is, level, short }: Verdict): string {
  if (is !== 'yes') return badge(is, short);
  return badge(LEVEL_MARKS[level][0], `${level}, ${short}`);
}

interface About extends Facts {
  origin: string;
}

type Make = (about: About) => Promise<string | Response | null>;

/** Replies with a text about the day and the revision of its address. */
async function replyAsAsked(c: Context<Env>, contentType: string, make: Make): Promise<Response> {
  const facts = await factsAsked(c);
  return 'issues' in facts ? problemOf(facts.issues) : replyWithText(c, contentType, make, facts);
}

async function factsOfToday(c: Context<Env>): Promise<Facts> {
  const until = endOfToday();
  const snapshot = await openSnapshot(c);
  return { snapshot, view: snapshot.head, asOf: today(), until };
}

/**
 * Replies with a text, by default about today and the newest revision, or with a problem; null means that there is no
 * such page.
 */
async function replyWithText(
  c: Context<Env>,
  contentType: string,
  make: Make,
  facts?: Facts,
): Promise<Response> {
  const about = facts ?? (await factsOfToday(c));
  const { snapshot, view, asOf, until } = about;
  // Texts call the day of the clock today.
  const etag = etagOf(c, view.stamp.digest, asOf, today());
  const answer = { etag, stale: snapshot.stale, immutable: false, contentType };
  const known = reply(c, { ...answer, body: '' });
  // `*` asks whether there is such a page.
  if (known.status === 304 && c.req.header('if-none-match')!.trim() !== '*') return known;
  const body = await make({ ...about, origin: c.env.PUBLIC_URL });
  if (body === null) return problem('not_found', 'Nothing has this address.');
  if (body instanceof Response) return body;
  return replyReadily(c, { ...answer, body, until }, snapshot, until);
}

function replyAboutPackage(
  c: Context<Env>,
  ending: string,
  contentType: string,
  make: (facts: PackageFacts, about: About) => string,
): Promise<Response> {
  const name = canonicalName(c.req.param('file')!.slice(0, -ending.length).slice(0, 200));
  return replyAsAsked(c, contentType, async (about) => {
    const facts = await factsOf(c.env, about.view, about.asOf, name);
    return facts && make(facts, about);
  });
}
