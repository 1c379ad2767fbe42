import { Hono } from 'hono';
import type { CatalogView } from '../../../resolver/index.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import type { Env } from '../../env.ts';
import { openSet } from '../../storage/isolate.ts';
import { replyWithFacts } from '../components/facts.tsx';
import { PATCHED_PATH } from '../components/links.tsx';
import { PatchedPage } from './patched-page.tsx';

export const patchedPage = new Hono<Env>();

patchedPage.get(PATCHED_PATH, (c) =>
  replyWithFacts(c, '/sets', async ({ view, asOf }) => {
    const heads = newestReleases(view);
    const sets = await Promise.all(heads.map(({ digest }) => openSet(c.env, digest)));
    return <PatchedPage sets={sets} asOf={asOf} stamp={view.stamp} />;
  }),
);

/** Pinwheel's newest set of each ABI, the newest Python first. */
function newestReleases({ sets }: CatalogView): CatalogSet[] {
  const newest = new Map<string, CatalogSet>();
  for (const set of sets.values()) {
    const known = newest.get(set.abi);
    if (set.source.registry === 'pinwheel' && !(known && known.released > set.released))
      newest.set(set.abi, set);
  }
  return [...newest.values()].reverse();
}
