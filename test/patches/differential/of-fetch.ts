/** How every client on Node's fetch differs from the same client on sockets, with the reason of each difference. */
import {
  type Arrived,
  type Difference,
  fold,
  ofHeaders,
  ofViewHeaders,
  sorted,
  type View,
  without,
} from './records.ts';

const orderOfHeaders: Difference<Arrived> = {
  what: 'order of the headers',
  why: 'fetch puts Host and Connection first, and its own headers after those it was given',
  level: ofHeaders(sorted),
};

const spelling: Difference<Arrived> = {
  what: 'spelling of Host, Connection, Content-Length and Transfer-Encoding',
  why: 'fetch writes these itself, in lower case',
  level: ofHeaders((pairs) => pairs.map(([name, value]) => [name.toLowerCase(), value])),
};

const repeatedHeaders: Difference<Arrived> = {
  what: 'repeated headers',
  why: "fetch's Headers joins them with a comma, which means the same",
  level: ofHeaders(fold),
};

const addedHeaders: Difference<Arrived> = {
  what: 'Accept-Language and Sec-Fetch-Mode',
  why: "Node's fetch adds them to every request that has none",
  level: ofHeaders(without('accept-language', 'sec-fetch-mode')),
};

const host: Difference<Arrived> = {
  what: 'Host',
  why: 'a forbidden header name: fetch always writes the host of the URL (the patch warns)',
  level: ofHeaders((pairs) =>
    pairs.filter(
      ([name]) =>
        name.toLowerCase() !== 'host' || !pairs.some(([other]) => other.toLowerCase() === 'x-other-host'),
    ),
  ),
};

const connection: Difference<Arrived> = {
  what: 'Connection',
  why: 'fetch manages connections itself (the patch warns); Node closes them after HEAD',
  level: ofHeaders(without('connection')),
};

/** Characters of a URL that one side percent-encodes. */
export function encodedInUrls(characters: string, why: string): Difference<Arrived> {
  const encode = (character: string) =>
    characters.includes(character) ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : character;
  return {
    what: `${[...characters].join(' and ')} in URLs`,
    why,
    level: (record) => ({ ...record, url: [...record.url].map(encode).join('') }),
  };
}

const acceptEncodingOfRanges: Difference<Arrived> = {
  what: 'Accept-Encoding beside Range',
  why: "Node's fetch adds identity to it, so that ranges are those of the plain bytes",
  level: ofHeaders((pairs) =>
    pairs.map(([name, value]) => [
      name,
      name.toLowerCase() === 'accept-encoding' ? value.replace(/, identity$/, '') : value,
    ]),
  ),
};

const cacheControl: Difference<Arrived> = {
  what: 'Cache-Control and Pragma beside If-None-Match',
  why: 'fetch adds them, so that no cache answers in the place of the server',
  level: ofHeaders(without('cache-control', 'pragma')),
};

/** Changes of the headers that the server sent. */
const viewOrder: Difference<View> = {
  what: 'order of the headers',
  why: "fetch's Headers are sorted by name",
  level: ofViewHeaders(sorted),
};

const viewRepeated: Difference<View> = {
  what: 'repeated headers',
  why: "fetch's Headers joins them with a comma, but for Set-Cookie",
  level: ofViewHeaders(fold),
};

const decoded: Difference<View> = {
  what: 'Content-Encoding, Content-Length and Transfer-Encoding of encoded bodies',
  why: 'fetch has decoded them',
  level: ofViewHeaders((pairs, view) => {
    const encoded = view.step?.includes('/encoded/') && !view.step.startsWith('HEAD');
    return encoded ? without('content-encoding', 'content-length', 'transfer-encoding')(pairs) : pairs;
  }),
};

const viewConnection: Difference<View> = {
  what: 'Connection and Keep-Alive',
  why: 'the server answers what fetch says of its connection',
  level: ofViewHeaders(without('connection', 'keep-alive')),
};

/** What a client can send over a socket, but not with any fetch. */
export const ofEveryFetch: Difference<Arrived>[] = [orderOfHeaders, host, connection];
/** The same for Node's fetch. */
export const ofNodeFetch: Difference<Arrived>[] = [
  ...ofEveryFetch,
  spelling,
  repeatedHeaders,
  addedHeaders,
  acceptEncodingOfRanges,
  cacheControl,
];
/** What no fetch shows to a client. */
export const views: Difference<View>[] = [viewOrder, viewRepeated, decoded, viewConnection];
