/** The pages of facts: flags, runtimes, package sets, patched wheels, the standard library and vulnerabilities. */
import { Hono } from 'hono';
import { type Catalog, type CatalogView, selectTarget } from '../../../resolver/index.ts';
import { baseFlagOf } from '../../../resolver/provenance.ts';
import { isOperators } from '../../../resolver/publication.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Env } from '../../env.ts';
import { PROBLEMS } from '../../http/problem.ts';
import { openSet, openSized, pinnedFilesOf } from '../../storage/history.ts';
import { storedOf } from '../../storage/wheels.ts';
import { setPath } from '../components/addresses.ts';
import { PATCHED_PATH } from '../components/links.tsx';
import { MissingPage } from '../components/no-answer.tsx';
import { refuse, replyWithFacts, sendPage } from '../components/respond.tsx';
import { questionOn } from '../matrix/columns.ts';
import { newestFirst } from '../matrix/matrix.ts';
import { knownOn } from '../security/findings.tsx';
import { SecurityPage } from '../security/security-page.tsx';
import { EvidencePage } from './evidence-page.tsx';
import { FlagsPage } from './flags-page.tsx';
import { onItsDay, packageCounts, settledTarget } from './listing.ts';
import { readFilter } from './package-table.tsx';
import { PatchedPage } from './patched-page.tsx';
import { RuntimesPage } from './runtimes-page.tsx';
import { SetPage } from './set-page.tsx';
import { SetsPage } from './sets-page.tsx';
import { columnsOf, StdlibPage } from './stdlib-page.tsx';

export const factPages = new Hono<Env>();

factPages.get('/flags', (c) =>
  replyWithFacts(c, '/flags', async ({ snapshot, view, asOf }) => (
    <FlagsPage
      {...{ view, asOf }}
      log={snapshot.catalog.log}
      example={ownSets(view, snapshot.catalog)[0]?.flag}
    />
  )),
);

factPages.get('/evidence', (c) =>
  replyWithFacts(c, '/evidence', async ({ view, asOf }) => <EvidencePage view={view} asOf={asOf} />),
);

factPages.get('/security', (c) =>
  replyWithFacts(c, '/security', async ({ view, asOf }) => (
    <SecurityPage view={view} known={await knownOn(c.env, view, asOf)} asOf={asOf} />
  )),
);

factPages.get('/runtimes', (c) =>
  replyWithFacts(c, '/runtimes', async ({ view, asOf }) => <RuntimesPage view={view} asOf={asOf} />),
);

factPages.get('/sets', (c) =>
  replyWithFacts(c, '/sets', async ({ view, asOf }) => (
    <SetsPage {...{ view, asOf }} counts={packageCounts(await pinnedFilesOf(c.env, view))} />
  )),
);

/** The packages that a Worker of the day gets. */
factPages.get('/packages', (c) =>
  replyWithFacts(c, '/packages', async ({ view, asOf }) => {
    const target = selectTarget(view, questionOn(asOf));
    if (!target.ok) return refuse(c, '/packages', 'No packages by date', target.issues);
    return c.redirect(setPath(target.value.package_set.flag) + new URL(c.req.url).search, 302);
  }),
);

factPages.get('/sets/:flag', (c) =>
  replyWithFacts(c, '/sets', async ({ snapshot, view, asOf }) => {
    const flag = c.req.param('flag');
    const head = view.sets.get(flag);
    if (!head) {
      const near = nearest(flag, view.sets.keys()).map((name) => ({ name, path: setPath(name) }));
      const title = `There is no package set ${printable(flag)}`;
      return sendPage(
        c,
        PROBLEMS.unknown_set.status,
        <MissingPage title={title} place="/sets" near={near} />,
      );
    }
    const named = { compatibility_date: null, compatibility_flags: [flag], as_of: asOf };
    const target = settledTarget(view, onItsDay(view, named));
    if (!target.ok) return refuse(c, '/packages', printable(flag), target.issues);
    const { searchParams } = new URL(c.req.url);
    const filter = readFilter(searchParams);
    if (!filter.ok) return refuse(c, '/packages', printable(flag), filter.issues);
    const set = await openSized(c.env, view, head);
    const base = baseOf(head, view);
    const previous = base ?? previousOf(head, view);
    return (
      <SetPage
        head={head}
        set={set}
        stored={await storedOf(c.env, set).catch(() => null)}
        base={base}
        previous={previous && (await openSet(c.env, previous))}
        target={target.value}
        view={view}
        filter={filter.value}
        pinned={[...searchParams].filter(([name]) => name === 'as_of' || name === 'revision')}
        origin={c.env.PUBLIC_URL}
        findings={(await knownOn(c.env, view, asOf))?.findingsIn(flag) ?? null}
        publisher={snapshot.catalog.log[head.revision - 1]?.publisher}
      />
    );
  }),
);

factPages.get(PATCHED_PATH, (c) =>
  replyWithFacts(c, '/sets', async ({ snapshot, view, asOf }) => {
    const releases = ownSets(view, snapshot.catalog).filter(({ source }) => source.registry === 'pinwheel');
    const flags = [...groupedBy(releases, ({ abi }) => abi).values()].map(([newest]) => newest!.flag);
    return <PatchedPage {...{ flags, view, asOf }} />;
  }),
);

factPages.get('/stdlib', async (c) => {
  const { query } = c.req.query();
  // The search of the front page knows every module.
  if (query) return c.redirect(`/?q=${encodeURIComponent(query)}`, 302);
  return replyWithFacts(c, '/stdlib', async ({ view, asOf }) => {
    const columns = await columnsOf(view, asOf, (set) => openSet(c.env, set));
    return <StdlibPage {...{ columns, view, asOf }} />;
  });
});

/** The base of a Pinwheel-built set, if the view has it with the digest that the set names. */
function baseOf({ source }: CatalogSet, { sets }: CatalogView): CatalogSet | null {
  const flag = baseFlagOf(source);
  const base = flag === null ? undefined : sets.get(flag);
  return base && base.digest === source.sha256 ? base : null;
}

/** The previous set of the same ABI and publisher. */
function previousOf(set: CatalogSet, { sets }: CatalogView): CatalogSet | null {
  const alike = newestFirst(sets.values()).filter(
    ({ abi, source }) => abi === set.abi && source.package === set.source.package,
  );
  return alike[alike.indexOf(set) + 1] ?? null;
}

/** The sets that came with Pinwheel, without those of an operator, the newest first. */
function ownSets({ sets }: CatalogView, catalog: Catalog): CatalogSet[] {
  return newestFirst(sets.values()).filter((set) => !isOperators(catalog, set));
}
