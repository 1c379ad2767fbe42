/**
 * How the patched aiohttp on Node's fetch and WebSocket differs from upstream on sockets. Nothing else may differ, and
 * each of these must.
 */
import { encodedInUrls, ofNodeFetch, views as viewsOfFetch } from '../differential/of-fetch.ts';
import {
  drawn,
  everyView,
  extensions,
  followedHandshake,
  noLength,
  offeredProtocols,
  pythonVersion,
  redirectedHandshake,
  skippedAccept,
  skippedUserAgent,
  subprotocols,
} from './of-aiohttp.ts';

export const arrivals = [
  ...ofNodeFetch,
  encodedInUrls("'", "fetch percent-encodes ' in queries"),
  pythonVersion,
  drawn,
  skippedUserAgent,
  skippedAccept,
  noLength,
  extensions,
  offeredProtocols,
  followedHandshake,
];

export const views = [...viewsOfFetch, ...everyView, redirectedHandshake, subprotocols];
