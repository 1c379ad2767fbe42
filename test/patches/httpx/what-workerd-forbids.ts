/**
 * How the patched httpx inside workerd differs from upstream on sockets. Nothing else may differ, and each of these
 * must.
 */
import { encodedInUrls, ofEveryFetch, views as viewsOfFetch } from '../differential/of-fetch.ts';
import { emptyLength, repeated } from '../differential/of-workerd.ts';
import { type Arrived, type Difference, ofHeaders, type View } from '../differential/records.ts';

export const arrivals: Difference<Arrived>[] = [
  ...ofEveryFetch,
  encodedInUrls("'", "fetch percent-encodes ' in queries"),
  encodedInUrls('\\', 'the patch does it, as fetch would make a / of it'),
  encodedInUrls('^', 'fetch percent-encodes ^ in paths'),
  emptyLength,
  repeated,
  {
    what: 'bytes of headers that are not UTF-8',
    why: 'workerd takes headers for text, and writes it as UTF-8',
    level: ofHeaders((pairs) =>
      pairs.map(([name, value]) => [name, name.toLowerCase() === 'x-latin' ? '' : value]),
    ),
  },
];

const LOST = ['ConnectError', 'ReadError', 'RemoteProtocolError'];

export const views: Difference<View>[] = [
  ...viewsOfFetch,
  {
    what: 'which error a lost connection raises',
    why: 'workerd says no more than that it was lost',
    level: (view) => (LOST.includes(String(view.error)) ? { ...view, error: 'lost' } : view),
  },
];
