/** The text of a requirements file, decoded as pip decodes it: by its byte order mark, a coding line, or as UTF-8. */
import { labelOf } from '../../resolver/python/encodings.ts';

/** A text, or the reason why there is none, as the end of a sentence about the file. */
export type Decoded = { ok: true; text: string } | { ok: false; problem: string };

/** UTF-32 goes first: its mark begins with that of UTF-16. */
const MARKS: [mark: readonly number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
/** On one of the first two lines (PEP 263), if it begins with `#`, as pip requires. */
const CODING_LINE = /coding[:=]\s*([-\w.]+)/;
const ASCII = /^(?:us[-_]?)?ascii$|^646$/i;
const LATIN_1 = /^(?:latin[-_]?1|l1|iso[-_]?8859[-_]1|8859)$/i;

export function decodeRequirements(bytes: Buffer): Decoded {
  for (const [mark, encoding] of MARKS) {
    if (mark.every((byte, at) => bytes[at] === byte)) {
      return decode(bytes.subarray(mark.length), encoding, `begins as ${encoding.toUpperCase()} does`);
    }
  }
  const declared = codingOf(bytes);
  if (declared === null) return decode(bytes, 'utf-8', null);
  if (ASCII.test(declared) && bytes.some((byte) => byte > 0x7f)) {
    return { ok: false, problem: `declares the encoding ${declared}, but is not encoded in it` };
  }
  const encoding = LATIN_1.test(declared) ? 'latin1' : labelOf(declared.toLowerCase());
  if (encoding !== null) return decode(bytes, encoding, `declares the encoding ${declared}`);
  return { ok: false, problem: `declares the encoding ${declared}, which cannot be read` };
}

function codingOf(bytes: Buffer): string | null {
  const [first = '', second = ''] = bytes.subarray(0, 4096).toString('latin1').split('\n', 2);
  for (const line of [first, second]) {
    const found = line.startsWith('#') && CODING_LINE.exec(line);
    if (found) return found[1]!;
  }
  return null;
}

/** `why`: how the encoding was chosen, as the end of a sentence about the file. */
function decode(bytes: Buffer, encoding: string, why: string | null): Decoded {
  if (encoding === 'latin1') return { ok: true, text: bytes.toString('latin1') };
  try {
    if (encoding.startsWith('utf-32')) return { ok: true, text: decodeUtf32(bytes, encoding === 'utf-32le') };
    return { ok: true, text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const problem =
      why === null ? 'is not UTF-8, but declares no other encoding' : `${why}, but is not encoded in it`;
    return { ok: false, problem };
  }
}

/** Throws a RangeError if there is no such character. */
function decodeUtf32(bytes: Buffer, isLittle: boolean): string {
  if (bytes.length % 4 !== 0) throw new RangeError('A character is cut off.');
  const characters: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const point = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    if (point >= 0xd800 && point < 0xe000) throw new RangeError('A surrogate is not a character.');
    characters.push(String.fromCodePoint(point));
  }
  return characters.join('');
}
