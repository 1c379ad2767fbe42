/** The text of a Python file, decoded as Python decodes it (PEP 263). */
import encodings from './encodings.json' with { type: 'json' };

/** Larger files are rejected. */
export const MAX_SOURCE_BYTES = 4_000_000;

/** The text, or why Python cannot read it, as the end of a sentence about the file. */
export type DecodedSource = { ok: true; text: string } | { ok: false; problem: string };

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** In bytes; a declaration further into its line is not read. */
const LONGEST_DECLARATION = 500;

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#.*)?$/;

/**
 * Decodes a file in the encoding that it declares, by default UTF-8.
 * @example
 * ```ts
 * import { decodeSource } from 'pinwheel-py/python';
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
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return refused(
      declared === null
        ? `is ${bytes[0]! >= 0xfe ? 'UTF-16' : 'not UTF-8'}, but declares no other encoding`
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

/** The TextDecoder label of a Python encoding; null if Python does not have it, or not for source files. */
export function labelOf(declared: string): string | null {
  const name = declared.toLowerCase().replaceAll('_', '-');
  // As CPython's tokenizer does, whatever follows the dash.
  if (/^utf-8(?:-|$)/.test(name)) return 'utf-8';
  if (/^(?:latin-1|iso-8859-1|iso-latin-1)(?:-|$)/.test(name)) return 'latin1';
  const normalized = name.replace(/[^a-z0-9.]+/g, '_').replace(/^_|_$/g, '');
  codecs ??= readCodecs();
  const { modules, aliases } = codecs;
  return (
    aliases.get(normalized) ?? aliases.get(normalized.replaceAll('.', '_')) ?? modules.get(normalized) ?? null
  );
}

let codecs: ReturnType<typeof readCodecs> | undefined;

/**
 * Labels of TextDecoder by CPython's codecs, of which the file has each as its module and its aliases; tests compare
 * them with CPython. Codecs that no host has are read as Latin-1: all of them contain ASCII.
 */
function readCodecs() {
  const modules = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const [label, codecs] of Object.entries(encodings)) {
    for (const codec of codecs) {
      const [module, ...others] = codec.split(' ');
      modules.set(module!, label);
      for (const alias of others) aliases.set(alias, label);
    }
  }
  return { modules, aliases };
}
