/** The differences that only aiohttp has between a host's fetch and WebSocket and sockets, with the reason of each. */
import {
  type Arrived,
  type Difference,
  ofHeaders,
  ofViewHeaders,
  ofViews,
  type View,
} from '../differential/records.ts';

/** Without the headers for which `drop` returns true. */
const dropped = (drop: (name: string, value: string, record: Arrived) => boolean) => (record: Arrived) => ({
  ...record,
  headers: record.headers.filter(([name, value]) => !drop(name.toLowerCase(), value, record)),
});
/** With other values. */
const rewritten = (rewrite: (value: string, name: string) => string) =>
  ofHeaders((pairs) => pairs.map(([name, value]) => [name, rewrite(value, name.toLowerCase())]));
/** Only the step itself is compared. */
const only = (...steps: string[]) =>
  ofViews((view) => (steps.includes(view.step) ? { step: view.step } : view));

export const pythonVersion: Difference<Arrived> = {
  what: "Python's version in User-Agent",
  why: 'the two run on different Pythons',
  level: rewritten((value) => value.replace(/^Python\/3\.\d+ /, '')),
};

export const drawn: Difference<Arrived> = {
  what: 'what is drawn at random: keys of handshakes, cnonces of digests, and what is made of them',
  why: 'every client draws its own',
  level: rewritten((value, name) =>
    name === 'sec-websocket-key' ? '' : value.replace(/\b(cnonce|response)="\w+"/g, ''),
  ),
};

export const skippedUserAgent: Difference<Arrived> = {
  what: 'User-Agent where the client was told to send none',
  why: "Node's fetch sends its own",
  level: dropped((name, value) => name === 'user-agent' && value === 'node'),
};

export const skippedAccept: Difference<Arrived> = {
  what: 'Accept where the client was told to send none',
  why: 'fetch sends */*, as the client otherwise does',
  level: dropped((name, value) => name === 'accept' && value === '*/*'),
};

const FRAMED = ['POST', 'PUT', 'PATCH'];
export const noLength: Difference<Arrived> = {
  what: 'Content-Length of 0 if no body is usual',
  why: 'fetch leaves it out but for POST and PUT',
  level: dropped(
    (name, value, { method }) => name === 'content-length' && value === '0' && !FRAMED.includes(method),
  ),
};

export const extensions: Difference<Arrived> = {
  what: 'Sec-WebSocket-Extensions',
  why: 'a WebSocket offers those that the host has',
  level: dropped((name) => name === 'sec-websocket-extensions'),
};

export const offeredProtocols: Difference<Arrived> = {
  what: 'spaces in Sec-WebSocket-Protocol',
  why: 'a WebSocket writes this header itself',
  level: rewritten((value, name) =>
    name === 'sec-websocket-protocol' ? value.replaceAll(', ', ',') : value,
  ),
};

export const followedHandshake: Difference<Arrived> = {
  what: 'the handshake that a redirect sends elsewhere',
  why: 'a WebSocket follows no redirects',
  level: (record) => (record.url === '/ws/echo?redirected' ? null : record),
};

export const secondAttempt: Difference<Arrived> = {
  what: 'the second attempt of a GET that the server hung up on',
  why: 'workerd does not tell a lost connection from one that never came about, which aiohttp does not try again',
  level: (record) => (record.method === 'GET' && record.url === '/close' ? null : record),
};

const lowerCase: Difference<View> = {
  what: 'spelling of the headers',
  why: "fetch's Headers are in lower case",
  level: ofViewHeaders((pairs) => pairs.map(([name, value]) => [name.toLowerCase(), value])),
};

const connectionSignals: Difference<View> = {
  what: 'signals of connections',
  why: 'fetch shows none',
  level: ofViews((view) => ({
    ...view,
    signals: (view.signals as string[] | undefined)?.filter((signal) => !signal.startsWith('connection_')),
  })),
};

const longBody: Difference<View> = {
  what: 'bytes behind the end of a body',
  why: "aiohttp's parser refuses the answer; the host's gives it, and closes the connection",
  level: only('GET /long-body'),
};

const badChunk: Difference<View> = {
  what: 'a broken chunk that came with the head',
  why: "aiohttp's parser refuses the answer; the host's gives the head, and then an error in the body",
  level: only('GET /bad-chunk'),
};

const refusedHandshake: Difference<View> = {
  what: 'the error of a refused handshake',
  why: 'a WebSocket does not say why it could not be opened',
  level: ofViews((view) =>
    view.step?.startsWith('WEBSOCKET') && view.error ? { step: view.step, error: 'some' } : view,
  ),
};

export const redirectedHandshake: Difference<View> = {
  what: 'redirected handshakes',
  why: 'a WebSocket follows no redirects',
  level: only('WEBSOCKET /ws/redirect'),
};

export const subprotocols: Difference<View> = {
  what: 'subprotocols that the server did not agree on, and those that were not offered',
  why: 'a WebSocket then fails; aiohttp goes on without',
  level: only('WEBSOCKET /ws/echo?unknown', 'WEBSOCKET /ws/wrong-protocol'),
};

const brokenFrames: Difference<View> = {
  what: 'what was wrong with a frame',
  why: 'a WebSocket says no more than that the connection broke off',
  level: only('WEBSOCKET /ws/garbage', 'WEBSOCKET /ws/bad-text'),
};

export const lostConnection: Difference<View> = {
  what: 'the error of a connection that is lost, or an answer that is broken, before the head ends',
  why: 'workerd does not tell them from a connection that never came about',
  level: only('POST /close', 'GET /close', 'GET /garbage', 'GET /two-lengths'),
};

/** What differs on every host. */
export const everyView: readonly Difference<View>[] = [
  lowerCase,
  connectionSignals,
  longBody,
  badChunk,
  refusedHandshake,
  brokenFrames,
];
