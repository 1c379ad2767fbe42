/**
 * How the patched httpx on Node's fetch differs from upstream on sockets. Nothing else may differ, and each of these
 * must.
 */
import { encodedInUrls, ofNodeFetch, views as viewsOfFetch } from '../differential/of-fetch.ts';

export const arrivals = [
  ...ofNodeFetch,
  encodedInUrls(
    "'\\^",
    "fetch percent-encodes ' in queries and ^ in paths; the patch does it to \\, which fetch would make a /",
  ),
];

export const views = [...viewsOfFetch];
