/** How every client differs on workerd's fetch, in addition to much of of-fetch.ts. */
import { type Arrived, type Difference, ofHeaders } from './records.ts';

export const zstd: Difference<Arrived> = {
  what: 'zstd in Accept-Encoding',
  why: "the Worker's Python decodes it, and CPython's here does not",
  level: ofHeaders((pairs) => pairs.map(([name, value]) => [name, value.replace(/, zstd$/, '')])),
};

export const emptyLength: Difference<Arrived> = {
  what: 'Content-Length of 0',
  why: 'workerd writes it for every method but GET and HEAD',
  level: ofHeaders((pairs) =>
    pairs.filter(([name, value]) => name.toLowerCase() !== 'content-length' || value !== '0'),
  ),
};

export const repeated: Difference<Arrived> = {
  what: 'GET requests that the server hung up on',
  why: 'workerd repeats them where the connection had been kept from before',
  level: (record) => (record.method === 'GET' && record.url === '/close' ? null : record),
};
