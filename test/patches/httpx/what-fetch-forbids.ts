/**
 * In what patched httpx on the fetch of Node differs from upstream on sockets. Nothing else may differ, and each
 * of these has to.
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

export const arrivals = [
  orderOfHeaders,
  spelling,
  repeatedHeaders,
  addedHeaders,
  host,
  connection,
  encodedInUrls(
    "'\\^",
    "fetch percent-encodes ' in queries and ^ in paths; the patch does it to \\, which fetch would make a /",
  ),
  acceptEncodingOfRanges,
  cacheControl,
];

export const views = [viewOrder, viewRepeated, decoded, viewConnection];
