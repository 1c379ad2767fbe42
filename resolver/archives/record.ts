/** The RECORD of a wheel: which files it has, and their hashes. */

export interface RecordedHash {
  /** As RECORD writes it, in lower case: `sha256`. */
  algorithm: string;
  /** In URL-safe Base64 without padding. */
  digest: string;
}

/** The allowed hashes. The specification of wheels forbids MD5 and SHA-1. */
export const RECORD_ALGORITHMS: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);

/**
 * The paths in a RECORD with their hashes; null if none is given, as for RECORD itself. Null for a text that
 * is not a RECORD: lines of CSV with three fields, of which the first may be between quotation marks.
 */
export function parseRecord(text: string): ReadonlyMap<string, RecordedHash | null> | null {
  const files = new Map<string, RecordedHash | null>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const fields = /^(?:"((?:[^"]|"")*)"|([^",]*)),([^,]*),[^,]*$/.exec(line);
    if (!fields) return null;
    const [, quoted, bare, hash] = fields;
    const path = quoted?.replaceAll('""', '"') ?? bare!;
    const equals = hash!.indexOf('=');
    if (hash !== '' && equals < 0) return null;
    const digest = hash!.slice(equals + 1).replace(/=+$/, '');
    files.set(path, hash === '' ? null : { algorithm: hash!.slice(0, equals).toLowerCase(), digest });
  }
  return files;
}
