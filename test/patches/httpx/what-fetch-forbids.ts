/**
 * In what patched httpx on the fetch of Node differs from upstream on sockets, each with its reason. Nothing else
 * may differ, and each of these has to.
 */

export type Pairs = [name: string, value: string][];

/** What the server wrote down of a request. */
export interface Arrived {
  method: string;
  url: string;
  headers: Pairs;
  body: string;
}

/** What the client shows of a response, or the error that it raised. */
export interface View {
  step: string;
  status?: number;
  headers?: Pairs;
  history?: View[];
  [member: string]: unknown;
}

export interface Difference<Record> {
  what: string;
  why: string;
  /** Takes the difference out of a record. */
  level(record: Record): Record;
}

const headers = (change: (pairs: Pairs) => Pairs) => (record: Arrived) => ({
  ...record,
  headers: change(record.headers),
});
const without = (...names: string[]) =>
  headers((pairs) => pairs.filter(([name]) => !names.includes(name.toLowerCase())));

/** Repeated headers as one, as fetch's Headers does. */
function fold(pairs: Pairs): Pairs {
  const folded = new Map<string, [string, string]>();
  const cookies: Pairs = [];
  for (const [name, value] of pairs) {
    const before = folded.get(name.toLowerCase());
    if (name.toLowerCase() === 'set-cookie') cookies.push([name, value]);
    else if (before) before[1] += `, ${value}`;
    else folded.set(name.toLowerCase(), [name, value]);
  }
  return [...folded.values(), ...cookies];
}

export const arrivals: Difference<Arrived>[] = [
  {
    what: 'order of the headers',
    why: 'fetch puts Host and Connection first, and its own headers after those it was given',
    level: headers((pairs) => pairs.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))),
  },
  {
    what: 'spelling of Host, Connection, Content-Length and Transfer-Encoding',
    why: 'fetch writes these itself, in lower case',
    level: headers((pairs) => pairs.map(([name, value]) => [name.toLowerCase(), value])),
  },
  {
    what: 'repeated headers',
    why: "fetch's Headers joins them with a comma, which means the same",
    level: headers(fold),
  },
  {
    what: 'Accept-Language and Sec-Fetch-Mode',
    why: "Node's fetch adds them to every request that has none",
    level: without('accept-language', 'sec-fetch-mode'),
  },
  {
    what: 'Host',
    why: 'a forbidden header name: fetch always writes the host of the URL (the patch warns)',
    level: headers((pairs) =>
      pairs.filter(([name]) => name !== 'host' || !pairs.some(([other]) => other === 'x-other-host')),
    ),
  },
  {
    what: 'Connection',
    why: 'fetch manages connections itself (the patch warns); Node closes them after HEAD',
    level: without('connection'),
  },
  {
    what: "' and \\ and ^ in URLs",
    why: "fetch percent-encodes ' in queries and ^ in paths; the patch does it to \\, which fetch would make a /",
    level: (record) => ({
      ...record,
      url: record.url.replace(
        /['\\^]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    }),
  },
  {
    what: 'Accept-Encoding beside Range',
    why: "Node's fetch adds identity to it, so that ranges are those of the plain bytes",
    level: headers((pairs) =>
      pairs.map(([name, value]) => [
        name,
        name === 'accept-encoding' ? value.replace(/, identity$/, '') : value,
      ]),
    ),
  },
  {
    what: 'Cache-Control and Pragma beside If-None-Match',
    why: 'fetch adds them, so that no cache answers in the place of the server',
    level: without('cache-control', 'pragma'),
  },
];

const everyView = (change: (view: View) => View) =>
  function level(view: View): View {
    return change(view.history ? { ...view, history: view.history.map(level) } : view);
  };
const viewHeaders = (change: (pairs: Pairs, view: View) => Pairs) =>
  everyView((view) => (view.headers ? { ...view, headers: change(view.headers, view) } : view));

export const views: Difference<View>[] = [
  {
    what: 'order of the headers',
    why: "fetch's Headers are sorted by name",
    level: viewHeaders((pairs) => pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
  },
  {
    what: 'repeated headers',
    why: "fetch's Headers joins them with a comma, but for Set-Cookie",
    level: viewHeaders(fold),
  },
  {
    what: 'Content-Encoding, Content-Length and Transfer-Encoding of encoded bodies',
    why: 'fetch has decoded them',
    level: viewHeaders((pairs, view) => {
      const encoded = view.step?.includes('/encoded/') && !view.step.startsWith('HEAD');
      const stale = ['content-encoding', 'content-length', 'transfer-encoding'];
      return encoded ? pairs.filter(([name]) => !stale.includes(name.toLowerCase())) : pairs;
    }),
  },
  {
    what: 'Connection and Keep-Alive',
    why: 'the server answers what fetch says of its connection',
    level: viewHeaders((pairs) =>
      pairs.filter(([name]) => !['connection', 'keep-alive'].includes(name.toLowerCase())),
    ),
  },
];
