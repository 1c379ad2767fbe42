/** Compares answers of a Worker: status, headers that matter, and bodies by what they mean. */
import { isTable, own, type Table } from '../../../resolver/formats/table.ts';
import type { WorkerAnswer } from '../../worker/ask.ts';
import { sha256Of } from '../../worker/files.ts';
import type { Difference } from './report.ts';

/** About the connection and the moment; and the length follows from the body. */
const PASSING = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);
const MOVED = ', from line ';

/** @param from null if there is no answer; `varying`: places that do not count, with all within them */
export function differences(
  from: WorkerAnswer | null,
  to: WorkerAnswer | null,
  varying: readonly string[] = [],
): Difference[] {
  const status = { place: 'status', from: from && `${from.status}`, to: to && `${to.status}` };
  const rest = from && to ? [...headerDifferences(from, to), ...bodyDifferences(from, to)] : [];
  const isWithin = (place: string, other: string) =>
    place === other || (place.startsWith(other) && /^[.[,]/.test(place.slice(other.length)));
  return [status, ...rest].filter(
    ({ place, from, to }) => from !== to && !varying.some((other) => isWithin(place, other)),
  );
}

/** The places at which two answers to the same request, of the same Worker, differ. */
export function varyingPlaces([first, second]: readonly (WorkerAnswer | null)[]): string[] {
  if (!first || !second) return [];
  return differences(first, second).map(({ place }) => (place.includes(MOVED) ? 'body' : place));
}

function headerDifferences(from: WorkerAnswer, to: WorkerAnswer): Difference[] {
  const [before, after] = [headersOf(from), headersOf(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => !PASSING.has(name))
    .sort()
    .map((name) => ({ place: `header ${name}`, from: before.get(name), to: after.get(name) }));
}

const headersOf = ({ headers }: WorkerAnswer) => new Headers(headers.map(([...header]) => header));

function bodyDifferences(from: WorkerAnswer, to: WorkerAnswer): Difference[] {
  if (from.body.equals(to.body)) return [];
  const [before, after] = [meaningOf(from), meaningOf(to)];
  if (before?.json && after?.json) return jsonDifferences(before.json.value, after.json.value);
  if (before?.lines && after?.lines) return lineDifferences(before.lines, after.lines);
  const said = ({ body }: WorkerAnswer) => `${body.length} bytes, SHA-256 ${sha256Of(body).slice(0, 16)}…`;
  return [{ place: 'body', from: said(from), to: said(to) }];
}

const TEXT = /^text\/|[/+](?:xml|javascript|x-www-form-urlencoded)\b/;

/** Null for bytes. */
function meaningOf(answer: WorkerAnswer): { json?: { value: unknown }; lines?: string[] } | null {
  const headers = headersOf(answer);
  if (headers.get('content-encoding')) return null;
  const [type] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const text = answer.body.toString();
  const lines = text.split('\n');
  if (!/[/+]json$/.test(type!)) return TEXT.test(type!) ? { lines } : null;
  try {
    return { json: { value: JSON.parse(text, whole) } };
  } catch {
    return { lines };
  }
}

/** Integers beyond those that JavaScript's numbers can tell apart stay whole. */
function whole(_: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  return /^-?\d{16,}$/.test(source) ? BigInt(source) : value;
}

/** Without recursion, as a body may be nested as deep as it is long. */
function jsonDifferences(from: unknown, to: unknown): Difference[] {
  const all: Difference[] = [];
  const open: [place: string, from: unknown, to: unknown][] = [['body', from, to]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [place, before, after] = next;
    const isList = Array.isArray(before) && Array.isArray(after) && before.length === after.length;
    if (isList || (isTable(before) && isTable(after))) {
      const [left, right] = [before, after] as [Table, Table];
      for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].reverse()) {
        const named = /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
        open.push([place + (isList ? `[${key}]` : named), own(left, key), own(right, key)]);
      }
    } else if (before !== after) all.push({ place, from: shown(before), to: shown(after) });
  }
  return all;
}

/** Undefined for what is not there. */
function shown(value: unknown): string | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isTable(value) ? 'an object' : typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}

/** Line by line if there are as many; else what is between the first and the last that differ. */
function lineDifferences(from: readonly string[], to: readonly string[]): Difference[] {
  if (from.length === to.length) {
    return from.map((line, at) => ({ place: `body, line ${at + 1}`, from: line, to: to[at]! }));
  }
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const part = (lines: readonly string[]) => lines.slice(start, lines.length - end).join(' ') || null;
  return [{ place: `body${MOVED}${start + 1}`, from: part(from), to: part(to) }];
}
