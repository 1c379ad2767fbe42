/** Nearly valid requests: real values in real places, with mistakes. */
import type { Random } from '../../resolver/requirements/random.ts';
import { textFor } from '../texts.ts';
import type { Operation } from './operations.ts';

/** A request that any client could send; the same for the same seed. */
export interface FuzzedRequest {
  method: string;
  /** Path and query, percent-encoded. */
  target: string;
  headers: Record<string, string>;
  body: string | null;
}

/** Real values by the name of their parameter or member. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** The methods of workerd, which answers others with 501 without the Worker. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND'];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'nonsense',
  '',
];
const ACCEPTS = [
  '*/*',
  'application/json',
  'text/html',
  'application/vnd.pypi.simple.v1+json',
  'text/html;q=0, */*;q=0.1',
  'x',
];
const RANGES = ['bytes=0-0', 'bytes=-5', 'bytes=5-', 'bytes=9-3', 'bytes=0-1,5-6', 'items=0-1'];
const PIECES = [
  ...'.. / %00 & = [] ; >=1 == " {} -1 99999999999999999999 null'.split(' '),
  ...['\u0000', '\ud83d\ude00'],
];
/** Requirements in one question; sometimes far too many. */
const LONG_LISTS = [1, 2, 5, 40, 400, 1_001, 5_000];

export function makeRequest(operations: readonly Operation[], values: Values, random: Random): FuzzedRequest {
  const operation = random.pick(operations);
  const method = random.chance(92) ? operation.method : random.pick(METHODS);
  const target = targetOf(operation, values, random);
  const headers = headersOf(random);
  const takesBody = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  if (!takesBody) return { method, target, headers, body: null };
  headers['content-type'] = random.chance(80) ? TYPES[0]! : random.pick(TYPES);
  if (headers['content-type'] === '') delete headers['content-type'];
  return { method, target, headers, body: bodyOf(operation, values, random) };
}

function targetOf({ path, query }: Operation, values: Values, random: Random): string {
  let target = path.replace(/\{(\w+)\}/g, (_, name) => encoded(valueFor(name, values, random)));
  if (random.chance(4)) target += random.pick(['/', '//', '/..', '%2e%2e/', '/x', '%', '%ff']);
  const asked: string[] = [];
  for (const name of query) {
    const times = random.chance(45) ? 1 : random.chance(85) ? 0 : random.below(4);
    const many = (name === 'requirement' || name === 'flag') && random.chance(3) ? random.below(120) : times;
    for (let time = 0; time < many; time++) {
      const key = random.chance(98) ? name : encoded(textOf([name], random));
      asked.push(`${key}=${encoded(valueFor(name, values, random))}`);
    }
  }
  if (random.chance(3)) asked.push(encoded(textOf(['unknown'], random)));
  return asked.length === 0 ? target : `${target}?${asked.join('&')}`;
}

function headersOf(random: Random): Record<string, string> {
  const headers: Record<string, string> = {};
  if (random.chance(30)) headers.accept = random.pick(ACCEPTS);
  if (random.chance(8)) headers.range = random.pick(RANGES);
  if (random.chance(8)) headers['if-none-match'] = random.pick(['*', '"x"', 'W/"x", "y"', '""']);
  if (random.chance(4)) headers['if-match'] = random.pick(['*', '"x"', 'W/"x", "y"', '']);
  if (random.chance(5)) headers['accept-encoding'] = random.pick(['gzip', 'br;q=0', 'identity']);
  if (random.chance(4)) headers.authorization = random.pick(['Bearer x', 'Bearer ', 'Basic !!', 'pinwheel']);
  if (random.chance(5)) headers.origin = 'https://example.org';
  return headers;
}

function bodyOf({ body }: Operation, values: Values, random: Random): string {
  const question: Record<string, unknown> = {};
  for (const [name, { isList }] of body ?? []) {
    if (random.chance(25)) continue;
    const scalar = () => scalarOf(valueFor(name, values, random), random);
    const count = random.chance(90) ? 1 + random.below(4) : random.pick(LONG_LISTS);
    question[name] = isList && random.chance(96) ? Array.from({ length: count }, scalar) : scalar();
  }
  if (random.chance(5)) question[textOf(['extra'], random)] = nested(random.below(300));
  const text = JSON.stringify(question);
  return random.chance(85) ? text : textOf([text], random);
}

/** Mostly the text itself, sometimes something of another type. */
function scalarOf(text: string, random: Random): unknown {
  if (/^\d+$/.test(text) && random.chance(90)) return Number(text);
  if (/^(true|false)$/.test(text) && random.chance(90)) return text === 'true';
  return random.chance(97) ? text : random.pick([null, 0, -1, 1e308, true, [], {}, [[]], { a: null }]);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function valueFor(name: string, values: Values, random: Random): string {
  const known = values[name] ?? ['x'];
  return random.chance(75) ? random.pick(known) : textOf(known, random);
}

function textOf(samples: readonly string[], random: Random): string {
  return textFor({ samples, pieces: PIECES, name: '', share: 0, longest: 0, read: () => false }, random);
}

/** Percent-encoded; half a surrogate pair as a browser sends it. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
