/** The text of a Python file, decoded as Python decodes it (PEP 263). */
import { labelOf } from './encodings.ts';

// What every host of the resolver has, and all that it uses of the host.
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean },
) => { decode(bytes: Uint8Array): string };

/** Larger files are rejected. */
export const MAX_SOURCE_BYTES = 4_000_000;

/**
 * The text, or why Python cannot read it, as the end of a sentence about the file.
 *
 * @example
 * ```ts
 * import { type DecodedSource, decodeSource } from 'pinwheel-py/python';
 *
 * const source: DecodedSource = decodeSource(new Uint8Array([0xff]));
 * source; // → { ok: false, problem: 'is not UTF-8, but declares no other encoding' }
 * ```
 */
export type DecodedSource = { ok: true; text: string } | { ok: false; problem: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** In bytes; a declaration further into its line is not read. */
const LONGEST_DECLARATION = 500;

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#.*)?$/;

/**
 * Decodes a file in the encoding that it declares, by default UTF-8.
 *
 * @example
 * ```ts
 * import { decodeSource } from 'pinwheel-py/python';
 *
 * decodeSource(new TextEncoder().encode('import json')); // → { ok: true, text: 'import json' }
 * ```
 */
export function decodeSource(bytes: Uint8Array): DecodedSource {
  if (bytes.length > MAX_SOURCE_BYTES) return refused(`is larger than ${MAX_SOURCE_BYTES / 1_000_000} MB`);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const declared = declaredEncoding(bytes, marked ? 3 : 0);
  const encoding = declared === null ? 'utf-8' : labelOf(declared);
  if (encoding === null || (marked && encoding !== 'utf-8')) {
    return refused(`declares the encoding ${declared}, which Python cannot read`);
  }
  let text: string;
  try {
    text = (encoding === 'utf-8' ? UTF8 : new TextDecoder(encoding, { fatal: true })).decode(bytes);
  } catch {
    return refused(
      declared === null
        ? 'is not UTF-8, but declares no other encoding'
        : `declares the encoding ${declared}, but is not encoded in it`,
    );
  }
  return text.includes('\0') ? refused('contains a NUL character') : { ok: true, text };
}

/** Written in a comment on the first line, or on the second after a blank line or a comment; lower-case. */
function declaredEncoding(bytes: Uint8Array, start: number): string | null {
  const [first, next] = lineAt(bytes, start);
  let cookie = COOKIE.exec(first)?.[1];
  if (cookie === undefined && BLANK_OR_COMMENT.test(first)) cookie = COOKIE.exec(lineAt(bytes, next)[0])?.[1];
  return cookie?.toLowerCase() ?? null;
}

/** A line as Latin-1 (a declaration is ASCII), up to the longest declaration, and the start of the next line. */
function lineAt(bytes: Uint8Array, start: number): [line: string, next: number] {
  let line = '';
  let at = start;
  for (; at < bytes.length && bytes[at] !== LINE_FEED && bytes[at] !== RETURN; at++) {
    if (at - start < LONGEST_DECLARATION) line += String.fromCharCode(bytes[at]!);
  }
  return [line, bytes[at] === RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : at + 1];
}

function refused(problem: string): DecodedSource {
  return { ok: false, problem };
}
