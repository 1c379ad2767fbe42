/** The bytes of a file that a request asks for (RFC 9110, section 14). */
export type Wanted =
  | { kind: 'all' }
  | { kind: 'part'; offset: number; length: number }
  /** A range past the end. */
  | { kind: 'unsatisfiable' };

const ALL: Wanted = { kind: 'all' };

/**
 * Reads `Range` and `If-Range`. Ignores other units, invalid ranges, and ranges of another version than that of `etag`,
 * by strong comparison.
 */
export function wantedBytes(headers: Headers, etag: string, size: number): Wanted {
  const range = headers.get('range');
  if (range === null) return ALL;
  const only = headers.get('if-range');
  if (only !== null && only.trim() !== etag) return ALL;
  const set = /^\s*bytes\s*=(.*)$/i.exec(range)?.[1];
  if (set === undefined) return ALL;
  const specs = set.split(',').map((spec) => /^\s*(\d*)-(\d*)\s*$/.exec(spec));
  if (!specs.every((spec) => spec !== null)) return ALL;
  // Wheels need no multiple ranges: all is sent, as RFC 9110 allows.
  if (specs.length > 1) return ALL;
  const [spec] = specs;
  return rangeOf(spec![1]!, spec![2]!, size);
}

function rangeOf(first: string, last: string, size: number): Wanted {
  if (first === '' && last === '') return ALL;
  if (first === '') return partOf(Math.max(0, size - Number(last)), size - 1, size);
  if (last !== '' && Number(last) < Number(first)) return ALL;
  return partOf(Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1), size);
}

function partOf(first: number, last: number, size: number): Wanted {
  if (first >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', offset: first, length: last - first + 1 };
}
