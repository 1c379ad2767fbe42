/**
 * Files and standard input as text of a bounded size. A requirements file is decoded as pip decodes it: by its byte order
 * mark, a coding line, or as UTF-8.
 */

import { createReadStream, existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Table } from '../../resolver/formats/table.ts';
import {
  fileTooLarge,
  type malformedLock,
  malformedPyproject,
  malformedRequirementsFile,
  type Undecoded,
  undecodedFile,
} from '../../resolver/issues/files.ts';
import type { FileFailure } from '../../resolver/issues/reach.ts';
import { labelOf } from '../../resolver/python/source.ts';
import { CommandError, type LocatedIssue, outOfReach } from './failure.ts';

/** A file, or a part of it, is invalid: exit code 2. */
export function inputError(issues: readonly LocatedIssue[], cause?: unknown): CommandError {
  return new CommandError(2, issues, { cause });
}

/** UTF-32 goes first: its mark begins with that of UTF-16. */
const MARKS: [mark: readonly number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
/** PEP 263: on one of the first two lines, if it begins with `#`, as pip requires. */
const CODING_LINE = /^#.*?coding[:=]\s*([-\w.]+)/s;
const ASCII = /^(?:us[-_]?)?ascii$|^646$/i;

/** The text of a requirements file, or why it has none. */
export function decodeRequirements(bytes: Buffer): string | Undecoded {
  const marked = markOf(bytes);
  if (marked) {
    const [mark, encoding] = marked;
    return decode(bytes.subarray(mark.length), encoding, { why: 'mark', encoding: encoding.toUpperCase() });
  }
  const declared = codingOf(bytes);
  if (declared === undefined) return decode(bytes, 'utf-8', { why: 'undeclared', encoding: 'UTF-8' });
  const otherwise: Undecoded = { why: 'declared', encoding: declared };
  if (ASCII.test(declared) && bytes.some((byte) => byte > 0x7f)) return otherwise;
  const encoding = labelOf(declared);
  return encoding === null ? { why: 'unknown', encoding: declared } : decode(bytes, encoding, otherwise);
}

const markOf = (bytes: Buffer) => MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte));

function codingOf(bytes: Buffer): string | undefined {
  const lines = bytes.subarray(0, 4096).toString('latin1').split('\n', 2);
  return lines.flatMap((line) => CODING_LINE.exec(line)?.[1] ?? [])[0];
}

/** `otherwise`: what is wrong if the bytes are not encoded in it. */
function decode(bytes: Buffer, encoding: string, otherwise: Undecoded): string | Undecoded {
  if (encoding === 'latin1') return bytes.toString('latin1');
  try {
    if (encoding.startsWith('utf-32')) return decodeUtf32(bytes, encoding === 'utf-32le');
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return otherwise;
  }
}

/** Throws a RangeError if there is no such character, as for one that is cut off. */
function decodeUtf32(bytes: Buffer, isLittle: boolean): string {
  const characters: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const point = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    if (point >= 0xd800 && point < 0xe000) throw new RangeError('A surrogate is not a character.');
    characters.push(String.fromCodePoint(point));
  }
  return characters.join('');
}

/** A megabyte holds some 30,000 requirements. */
const MAX_BYTES = 1_000_000;

export const STANDARD_INPUT = '-';

export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/** The whole text of a file, or of standard input for `-`, without a byte order mark. */
export async function readText(path: string, name = nameOf(path), most = MAX_BYTES): Promise<string> {
  const bytes = await readBytes(path, name, most);
  const [, marked = 'utf-8'] = markOf(bytes) ?? [];
  if (marked === 'utf-8') return new TextDecoder().decode(bytes);
  throw inputError([undecodedFile({ file: name, encoding: marked.replace(/[lb]e$/, '').toUpperCase() })]);
}

/** Requirements files may be in other encodings than UTF-8. */
export async function readRequirementsText(path: string, name: string): Promise<string> {
  const decoded = decodeRequirements(await readBytes(path, name));
  if (typeof decoded === 'string') return decoded;
  throw inputError([malformedRequirementsFile({ problem: 'not_decoded', file: name, ...decoded })]);
}

async function readBytes(path: string, name: string, most = MAX_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const stream = path === STANDARD_INPUT ? process.stdin : createReadStream(path);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > most) break;
    }
  } catch (error) {
    const folder = isAbsolute(path) ? null : process.cwd();
    const { code = '', message: detail } = error as NodeJS.ErrnoException;
    const why = FAILURES[code] ?? null;
    throw outOfReach({ problem: 'unread_file', file: name, path, why, detail, folder }, error);
  }
  if (size > most) throw inputError([fileTooLarge({ file: name, most })]);
  const bytes = Buffer.concat(chunks);
  // UTF-16 without a mark: of Latin letters, every second byte is zero.
  if (!markOf(bytes) && bytes.subarray(0, 2).includes(0))
    throw inputError([undecodedFile({ file: name, encoding: 'UTF-16' })]);
  return bytes;
}

const FAILURES: Record<string, FileFailure> = {
  ENOENT: 'absent',
  EISDIR: 'folder',
  EACCES: 'denied',
  EPERM: 'denied',
};

/** The tables of a `pyproject.toml`, if it is there and has a word. */
export async function readPyproject(file: string, word = ''): Promise<Table> {
  const text = existsSync(file) ? await readText(file) : '';
  return text.includes(word) ? parseToml(file, text, malformedPyproject) : {};
}

type Malformed = typeof malformedPyproject | typeof malformedLock;

/** Parses TOML. The parser is imported on first use. */
export async function parseToml(file: string, text: string, malformed: Malformed): Promise<Table> {
  const { parse } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    const detail = error instanceof RangeError ? 'it is nested too deep' : (error as Error).message.trimEnd();
    throw inputError([malformed({ problem: 'not_parsed', file, detail })], error);
  }
}
