/**
 * How the patched aiohttp inside workerd differs from upstream on sockets. Nothing else may differ, and each of these
 * must.
 */
import { encodedInUrls, ofEveryFetch, views as viewsOfFetch } from '../differential/of-fetch.ts';
import { emptyLength, zstd } from '../differential/of-workerd.ts';
import { drawn, everyView, lostConnection, pythonVersion, secondAttempt } from './of-aiohttp.ts';

export const arrivals = [
  ...ofEveryFetch,
  encodedInUrls("'", "fetch percent-encodes ' in queries"),
  emptyLength,
  zstd,
  pythonVersion,
  drawn,
  secondAttempt,
];

export const views = [...viewsOfFetch, ...everyView, lostConnection];
