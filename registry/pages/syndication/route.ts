/** Files for other sites and programs: well-known files, badges, feeds, and a calendar. */
import { type Context, Hono } from 'hono';
import { canonicalName } from '../../../resolver/index.ts';
import { nameIn, unpinned } from '../../api/packages.ts';
import type { Env } from '../../env.ts';
import { isOfTests } from '../../facts/test-packages.ts';
import { problemOf } from '../../http/problem.ts';
import { pinnedFilesOf } from '../../storage/history.ts';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import { MARKDOWN, markdownOf } from '../components/markdown.ts';
import { type Facts, factsAsked, replyWithText } from '../components/respond.tsx';
import { noMatrixIssues, openMatrix } from '../matrix/made.ts';
import { listedNames } from '../matrix/matrix.ts';
import type { Verdict } from '../matrix/verdict.ts';
import { factsOf, type PackageFacts } from '../package/facts.ts';
import { knownOn } from '../security/findings.tsx';
import { ATOM, atomFeed, changesFeed, packageFeed, securityFeed } from './atom.ts';
import { badge } from './badge.ts';
import { calendarOf } from './calendar.ts';
import { llms, openSearch, robots, sitemap } from './files.ts';
import { MatrixAsText } from './matrix-as-text.tsx';

const PLAIN = 'text/plain; charset=utf-8';
const XML = 'application/xml; charset=utf-8';
const SVG = 'image/svg+xml; charset=utf-8';

export const syndication = new Hono<Env>();

syndication.get('/robots.txt', (c) => replyWithText(c, PLAIN, async () => robots(c.env.PUBLIC_URL)));
syndication.get('/opensearch.xml', (c) =>
  replyWithText(c, 'application/opensearchdescription+xml; charset=utf-8', async () =>
    openSearch(c.env.PUBLIC_URL),
  ),
);

syndication.get('/sitemap.xml', (c) =>
  replyWithText(c, XML, async ({ view, snapshot }) => {
    const packages = listedNames(view, await pinnedFilesOf(c.env, view));
    const changed = snapshot.catalog.log.at(-1)!.day;
    return sitemap(c.env.PUBLIC_URL, { packages, sets: [...view.sets.keys()], changed });
  }),
);

syndication.get('/llms.txt', (c) =>
  replyWithText(c, PLAIN, async ({ view }) =>
    llms(c.env.PUBLIC_URL, listedNames(view, await pinnedFilesOf(c.env, view))),
  ),
);

syndication.get('/index.md', (c) =>
  replyWithText(c, MARKDOWN, async ({ view, asOf }) => {
    const matrix = await openMatrix(c.env, view, asOf);
    if (!matrix) return problemOf(noMatrixIssues(view, asOf));
    return markdownOf(MatrixAsText(matrix), new URL(c.env.PUBLIC_URL));
  }),
);

syndication.get('/changes.atom', (c) =>
  replyWithText(c, ATOM, async ({ view, snapshot }) =>
    atomFeed(changesFeed(snapshot.catalog, await pinnedFilesOf(c.env, view), c.env.PUBLIC_URL)),
  ),
);

syndication.get('/security.atom', (c) =>
  replyWithText(c, ATOM, async ({ view, snapshot, asOf }) => {
    const known = await knownOn(c.env, view, asOf);
    return known && atomFeed(securityFeed(known, snapshot.catalog, c.env.PUBLIC_URL));
  }),
);

syndication.get('/calendar.ics', (c) =>
  replyWithText(c, 'text/calendar; charset=utf-8', async ({ view, snapshot, asOf }) =>
    calendarOf(view, asOf, snapshot.catalog.log[view.stamp.revision - 1]!.day, c.env.PUBLIC_URL),
  ),
);

syndication.get('/packages/:file{.+\\.atom}', (c) => {
  return replyAboutPackage(c, '.atom', ATOM, (facts, { view, snapshot }) =>
    atomFeed(packageFeed(facts, view, snapshot.catalog, c.env.PUBLIC_URL)),
  );
});

syndication.get('/badge/:file{.+\\.svg}', async (c) => {
  const said = await replyAboutPackage(c, '.svg', SVG, ({ verdict }) => badgeOf(verdict));
  const written = c.req.param('file').slice(0, -'.svg'.length).slice(0, 200);
  if (said.status !== 404 || isOfTests({ name: canonicalName(written) })) return said;
  const facts = await factsAsked(c);
  if ('issues' in facts) return said;
  const toBadgeOf = (name: string) => c.redirect(`/badge/${name}.svg${new URL(c.req.url).search}`, 302);
  const named = nameIn(written);
  if (named !== written) return toBadgeOf(named);
  const { known, importing, beyond } = await unpinned(c.env, facts.view, written, facts.asOf);
  if (importing.length === 1) return toBadgeOf(importing[0]!);
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

function replyAboutPackage(
  c: Context<Env>,
  ending: string,
  contentType: string,
  make: (facts: PackageFacts, about: Facts) => string,
): Promise<Response> {
  const name = canonicalName(c.req.param('file')!.slice(0, -ending.length).slice(0, 200));
  return replyWithText(c, contentType, async (about) => {
    const facts = await factsOf(c.env, about.view, about.asOf, name);
    return facts && make(facts, about);
  });
}
