/** The records of two runs of the same requests, and how they are compared. */

export type Pairs = [name: string, value: string][];

/** A request as the server recorded it. */
export interface Arrived {
  method: string;
  url: string;
  headers: Pairs;
  /** In base64. */
  body: string;
}

/** A response as the client reports it, or the error that it raised. */
export interface View {
  step: string;
  status?: number;
  headers?: Pairs;
  history?: View[];
  [member: string]: unknown;
}

/** A difference that the patched client must have from upstream's. */
export interface Difference<Record> {
  what: string;
  why: string;
  /** Removes the difference from a record; null removes the whole record. */
  level(record: Record): Record | null;
}

/** Removes all these differences from all records. */
export function level<Record>(records: Record[], differences: readonly Difference<Record>[]): Record[] {
  return differences.reduce(
    (all, difference) => all.map(difference.level).filter((record) => record !== null),
    records,
  );
}

type Change = (pairs: Pairs) => Pairs;

/** A change of the headers that arrived. */
export function ofHeaders(change: Change): (record: Arrived) => Arrived {
  return (record) => ({ ...record, headers: change(record.headers) });
}

/** A change of a response, and of each one in its history. */
export function ofViews(change: (view: View) => View): (view: View) => View {
  return function deep(view: View): View {
    return change(view.history ? { ...view, history: view.history.map(deep) } : view);
  };
}

/** A change of the headers that the client reports. */
export function ofViewHeaders(change: (pairs: Pairs, view: View) => Pairs): (view: View) => View {
  return ofViews((view) => (view.headers ? { ...view, headers: change(view.headers, view) } : view));
}

export function without(...names: string[]): Change {
  return (pairs) => pairs.filter(([name]) => !names.includes(name.toLowerCase()));
}

export function sorted(pairs: Pairs): Pairs {
  const key = ([name]: Pairs[number]) => name.toLowerCase();
  return pairs.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Joins repeated headers, as fetch's Headers does. */
export function fold(pairs: Pairs): Pairs {
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
