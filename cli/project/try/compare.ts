/** Compares answers of a Worker: status, headers that matter, and bodies by what they mean. */
import type { WorkerAnswer } from '../../worker/ask.ts';
import { sha256Of } from '../../worker/files.ts';

/** Where two answers differ, and what each has there, as one line; null if it has nothing there. */
export interface Difference {
  /** `status`, `header x-one`, `body`, `body.items[0].name`, `body, line 3` or `body, from line 3`. */
  place: string;
  from: string | null;
  to: string | null;
}

/** About the connection and the moment; and the length follows from the body. */
const PASSING = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** @param from null if there is no answer; `varying`: places that do not count, with all within them */
export function differences(
  from: WorkerAnswer | null,
  to: WorkerAnswer | null,
  varying: readonly string[] = [],
): Difference[] {
  const [before, after] = [from, to].map((answer) => answer && `${answer.status}`) as [string, string];
  const status = before === after ? [] : [{ place: 'status', from: before, to: after }];
  if (from === null || to === null) return status;
  const all = [...status, ...headerDifferences(from, to), ...bodyDifferences(from, to)];
  return all.filter(({ place }) => !varying.some((other) => isWithin(place, other)));
}

function isWithin(place: string, other: string): boolean {
  return place === other || (place.startsWith(other) && /^[.[,]/.test(place.slice(other.length)));
}

function headerDifferences(from: WorkerAnswer, to: WorkerAnswer): Difference[] {
  const names = new Set([from, to].flatMap(({ headers }) => headers.map(([name]) => name)));
  return [...names].sort().flatMap((name) => {
    const [before, after] = [from, to].map(({ headers }) => {
      const own = headers.filter(([other]) => other === name);
      return own.length === 0 ? null : own.map(([, value]) => value).join(', ');
    });
    if (PASSING.has(name) || before === after) return [];
    return [{ place: `header ${name}`, from: before!, to: after! }];
  });
}

function bodyDifferences(from: WorkerAnswer, to: WorkerAnswer): Difference[] {
  if (from.body.equals(to.body)) return [];
  const [before, after] = [meaningOf(from), meaningOf(to)];
  if (before !== null && after !== null) {
    if (before.kind === 'json' && after.kind === 'json') return jsonDifferences(before.value, after.value);
    if (before.kind === 'text' && after.kind === 'text') return lineDifferences(before.lines, after.lines);
  }
  const said = ({ body }: WorkerAnswer) => `${body.length} bytes, SHA-256 ${sha256Of(body).slice(0, 16)}…`;
  return [{ place: 'body', from: said(from), to: said(to) }];
}

type Meaning = { kind: 'json'; value: unknown } | { kind: 'text'; lines: string[] };

const TEXT = /^text\/|[/+](?:xml|javascript|x-www-form-urlencoded)\b/;

/** Null for bytes. */
function meaningOf({ headers, body }: WorkerAnswer): Meaning | null {
  const of = (name: string) => headers.find(([other]) => other === name)?.[1].toLowerCase() ?? '';
  if (of('content-encoding') !== '') return null;
  const type = of('content-type').split(';')[0]!;
  if (/[/+]json$/.test(type)) {
    try {
      return { kind: 'json', value: JSON.parse(body.toString(), whole) };
    } catch {
      // It is what it is: text.
    }
  } else if (!TEXT.test(type)) return null;
  return { kind: 'text', lines: body.toString().split('\n') };
}

/** Integers beyond those that JavaScript's numbers can tell apart stay whole. */
function whole(_: string, value: unknown, context?: { source?: string }): unknown {
  const isLarge = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isLarge && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context!.source!) : value;
}

/** Without recursion, as a body may be nested as deep as it is long. */
function jsonDifferences(from: unknown, to: unknown): Difference[] {
  const all: Difference[] = [];
  const open: [place: string, from: unknown, to: unknown][] = [['body', from, to]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [place, before, after] = next;
    if (Object.is(before, after) || (before === 0 && after === 0)) continue;
    const isList = Array.isArray(before) && Array.isArray(after);
    if (isList ? before.length === after.length : isObject(before) && isObject(after)) {
      const keys = new Set([...Object.keys(before as object), ...Object.keys(after as object)]);
      for (const key of [...keys].reverse()) {
        open.push([placeIn(place, key, isList), own(before, key), own(after, key)]);
      }
    } else {
      all.push({ place, from: shown(before), to: shown(after) });
    }
  }
  return all;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function own(value: unknown, key: string): unknown {
  return Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function placeIn(place: string, key: string, isList: boolean): string {
  if (isList) return `${place}[${key}]`;
  return /^\w+$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`;
}

/** Undefined for what is not there. */
function shown(value: unknown): string | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isObject(value) ? 'an object' : typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}

/** Line by line if there are as many; else what is between the first and the last that differ. */
function lineDifferences(from: readonly string[], to: readonly string[]): Difference[] {
  if (from.length === to.length) {
    return from.flatMap((line, at) =>
      line === to[at] ? [] : [{ place: `body, line ${at + 1}`, from: line, to: to[at]! }],
    );
  }
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const part = (lines: readonly string[]) => lines.slice(start, lines.length - end).join(' ') || null;
  return [{ place: `body${MOVED}${start + 1}`, from: part(from), to: part(to) }];
}

const MOVED = ', from line ';

/** The places at which two answers to the same request, of the same Worker, differ. */
export function varyingPlaces(first: WorkerAnswer, second: WorkerAnswer): string[] {
  return differences(first, second).map(({ place }) => (place.includes(MOVED) ? 'body' : place));
}
