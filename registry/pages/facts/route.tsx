/** The pages of facts: flags, runtimes and package sets. */
import { Hono } from 'hono';
import type { CatalogView } from '../../../resolver/index.ts';
import { baseFlagOf } from '../../../resolver/provenance.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Env } from '../../env.ts';
import { PROBLEMS, statusOf } from '../../http/problem.ts';
import { pinnedFilesOf } from '../../storage/history.ts';
import { openSet } from '../../storage/isolate.ts';
import { setPath } from '../components/addresses.ts';
import { replyWithFacts } from '../components/facts.tsx';
import { MissingPage, RefusedPage } from '../components/no-answer.tsx';
import { sendPage } from '../components/respond.tsx';
import { settledTarget } from '../components/settled-target.ts';
import { FlagsPage } from './flags-page.tsx';
import { packageCounts } from './listing.ts';
import { RuntimesPage } from './runtimes-page.tsx';
import { SetPage } from './set-page.tsx';
import { SetsPage } from './sets-page.tsx';

export const factPages = new Hono<Env>();

factPages.get('/flags', (c) =>
  replyWithFacts(c, '/flags', async ({ snapshot, view, asOf }) => (
    <FlagsPage view={view} log={snapshot.catalog.log} asOf={asOf} />
  )),
);

factPages.get('/runtimes', (c) =>
  replyWithFacts(c, '/runtimes', async ({ view, asOf }) => <RuntimesPage view={view} asOf={asOf} />),
);

factPages.get('/sets', (c) =>
  replyWithFacts(c, '/sets', async ({ view, asOf }) => (
    <SetsPage view={view} counts={packageCounts(view, await pinnedFilesOf(c.env, view))} asOf={asOf} />
  )),
);

factPages.get('/sets/:flag', (c) =>
  replyWithFacts(c, '/sets', async ({ view, asOf }) => {
    const flag = c.req.param('flag');
    const head = view.sets.get(flag);
    if (!head) {
      const near = nearest(flag, view.sets.keys()).map((name) => ({ name, path: setPath(name) }));
      const title = `There is no package set ${printable(flag)}`;
      return sendPage(PROBLEMS.unknown_set.status, <MissingPage title={title} place="/sets" near={near} />);
    }
    const target = settledTarget(view, {
      compatibility_date: null,
      compatibility_flags: [flag],
      as_of: asOf,
    });
    if (!target.ok) {
      return sendPage(
        statusOf(target.issues),
        <RefusedPage title={printable(flag)} place="/sets" issues={target.issues} />,
      );
    }
    const base = baseOf(head, view);
    const previous = base ?? previousOf(head, view);
    return (
      <SetPage
        head={head}
        set={await openSet(c.env, head.digest)}
        base={base}
        previous={previous && (await openSet(c.env, previous.digest))}
        target={target.value}
        view={view}
        origin={c.env.PUBLIC_URL}
      />
    );
  }),
);

/** The base of a Pinwheel-built set, if the view has it with the digest that the set names. */
function baseOf({ source }: CatalogSet, { sets }: CatalogView): CatalogSet | null {
  const flag = baseFlagOf(source);
  const base = flag === null ? undefined : sets.get(flag);
  return base && base.digest === source.sha256 ? base : null;
}

/** The previous set of the same ABI and publisher. */
function previousOf(set: CatalogSet, { sets }: CatalogView): CatalogSet | null {
  const key = ({ released, flag }: CatalogSet) => `${released} ${flag}`;
  const before = [...sets.values()].filter(
    (other) => other.abi === set.abi && other.source.package === set.source.package && key(other) < key(set),
  );
  return before.length === 0 ? null : before.reduce((a, b) => (key(a) > key(b) ? a : b));
}
