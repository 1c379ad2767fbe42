/**
 * In what patched aiohttp on the fetch and the WebSocket of Node differs from upstream on sockets. Nothing else may
 * differ, and each of these has to.
 */
import {
  acceptEncodingOfRanges,
  addedHeaders,
  cacheControl,
  connection,
  decoded,
  encodedInUrls,
  host,
  orderOfHeaders,
  repeatedHeaders,
  spelling,
  viewConnection,
  viewOrder,
  viewRepeated,
} from '../differential/of-fetch.ts';
import {
  badChunk,
  brokenFrames,
  connectionSignals,
  drawn,
  extensions,
  followedHandshake,
  longBody,
  lowerCase,
  noLength,
  offeredProtocols,
  pythonVersion,
  redirectedHandshake,
  refusedHandshake,
  skippedAccept,
  skippedUserAgent,
  subprotocols,
} from './of-aiohttp.ts';

export const arrivals = [
  orderOfHeaders,
  spelling,
  repeatedHeaders,
  addedHeaders,
  host,
  connection,
  encodedInUrls("'", "fetch percent-encodes ' in queries"),
  acceptEncodingOfRanges,
  cacheControl,
  pythonVersion,
  drawn,
  skippedUserAgent,
  skippedAccept,
  noLength,
  extensions,
  offeredProtocols,
  followedHandshake,
];

export const views = [
  viewOrder,
  viewRepeated,
  lowerCase,
  decoded,
  viewConnection,
  connectionSignals,
  longBody,
  badChunk,
  refusedHandshake,
  redirectedHandshake,
  subprotocols,
  brokenFrames,
];
