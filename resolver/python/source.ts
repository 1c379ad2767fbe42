/** The text of a Python file, decoded as Python decodes it (PEP 263). */

/** Larger files are rejected. */
export const MAX_SOURCE_BYTES = 4_000_000;

/** The text, or why Python cannot read it, as the end of a sentence about the file. */
export type DecodedSource = { ok: true; text: string } | { ok: false; problem: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
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
    text = (
      encoding === 'utf-8' ? UTF8 : new TextDecoder(encoding, { fatal: true, ignoreBOM: false })
    ).decode(bytes);
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

/**
 * The encodings that a source file may declare, by the label of TextDecoder: CPython's codecs, each with its module and
 * its aliases, with which tests compare it. Those that no host has are read as Latin-1: all of them contain ASCII.
 */
const ENCODINGS = `
utf-8: utf_8 cp65001 u8 utf utf8 utf8_ucs2 utf8_ucs4, utf_8_sig
big5: big5 big5_tw csbig5 x_mac_trad_chinese, big5hkscs big5_hkscs hkscs, cp950 950 ms950
euc-jp: euc_jis_2004 euc_jis2004 eucjis2004 jisx0213, euc_jisx0213 eucjisx0213, euc_jp eucjp u_jis ujis
euc-kr: cp949 949 ms949 uhc, euc_kr euckr korean ks_c_5601 ks_c_5601_1987 ks_x_1001 ksc5601 ksx1001 x_mac_korean
gb18030: gb18030 gb18030_2000
gbk: gb2312 chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58 x_mac_simp_chinese, gbk
  936 cp936 ms936
ibm866: cp866 866 csibm866 ibm866
iso-2022-jp: iso2022_jp csiso2022jp iso2022jp iso_2022_jp
iso-8859-10: iso8859_10 csisolatin6 iso_8859_10 iso_8859_10_1992 iso_ir_157 l6 latin6
iso-8859-13: iso8859_13 iso_8859_13 l7 latin7
iso-8859-14: iso8859_14 iso_8859_14 iso_8859_14_1998 iso_celtic iso_ir_199 l8 latin8
iso-8859-15: iso8859_15 iso_8859_15 l9 latin9
iso-8859-16: iso8859_16 iso_8859_16 iso_8859_16_2001 iso_ir_226 l10 latin10
iso-8859-2: iso8859_2 csisolatin2 iso_8859_2 iso_8859_2_1987 iso_ir_101 l2 latin2
iso-8859-3: iso8859_3 csisolatin3 iso_8859_3 iso_8859_3_1988 iso_ir_109 l3 latin3
iso-8859-4: iso8859_4 csisolatin4 iso_8859_4 iso_8859_4_1988 iso_ir_110 l4 latin4
iso-8859-5: iso8859_5 csisolatincyrillic cyrillic iso_8859_5 iso_8859_5_1988 iso_ir_144
iso-8859-6: iso8859_6 arabic asmo_708 csisolatinarabic ecma_114 iso_8859_6 iso_8859_6_1987 iso_ir_127
iso-8859-7: iso8859_7 csisolatingreek ecma_118 elot_928 greek greek8 iso_8859_7 iso_8859_7_1987 iso_ir_126
iso-8859-8: iso8859_8 csisolatinhebrew hebrew iso_8859_8 iso_8859_8_1988 iso_ir_138
koi8-r: koi8_r cskoi8r
koi8-u: koi8_u
macintosh: mac_roman macintosh macroman
shift_jis: cp932 932 ms932 ms_kanji mskanji windows_31j, shift_jis csshiftjis s_jis shiftjis sjis x_mac_japanese,
  shift_jis_2004 s_jis_2004 shiftjis2004 sjis_2004, shift_jisx0213 s_jisx0213 shiftjisx0213 sjisx0213
windows-1250: cp1250 1250 windows_1250
windows-1251: cp1251 1251 windows_1251
windows-1252: cp1252 1252 windows_1252
windows-1253: cp1253 1253 windows_1253
windows-1254: cp1254 1254 windows_1254, iso8859_9 csisolatin5 iso_8859_9 iso_8859_9_1989 iso_ir_148 l5 latin5
windows-1255: cp1255 1255 windows_1255
windows-1256: cp1256 1256 windows_1256
windows-1257: cp1257 1257 windows_1257
windows-1258: cp1258 1258 windows_1258
windows-874: cp874, iso8859_11 iso_8859_11 iso_8859_11_2001 thai, tis_620 iso_ir_166 tis620 tis_620_0 tis_620_2529_0
  tis_620_2529_1
x-mac-cyrillic: mac_cyrillic maccyrillic
latin1: ascii 646 ansi_x3.4_1968 ansi_x3.4_1986 ansi_x3_4_1968 cp367 csascii ibm367 iso646_us iso_646.irv_1991
  iso_ir_6 us us_ascii, charmap, cp1006, cp1125 1125 cp866u ibm1125 ruscii, cp437 437 cspc8codepage437 ibm437, cp720,
  cp737, cp775 775 cspc775baltic ibm775, cp850 850 cspc850multilingual ibm850, cp852 852 cspcp852 ibm852, cp855 855
  csibm855 ibm855, cp856, cp857 857 csibm857 ibm857, cp858 858 csibm858 ibm858, cp860 860 csibm860 ibm860, cp861 861
  cp_is csibm861 ibm861, cp862 862 cspc862latinhebrew ibm862, cp863 863 csibm863 ibm863, cp864 864 csibm864 ibm864,
  cp865 865 csibm865 ibm865, cp869 869 cp_gr csibm869 ibm869, hp_roman8 cp1051 ibm1051 r8 roman8, hz hz_gb hz_gb_2312
  hzgb, idna, iso2022_jp_1 iso2022jp_1 iso_2022_jp_1, iso2022_jp_2 iso2022jp_2 iso_2022_jp_2, iso2022_jp_2004
  iso2022jp_2004 iso_2022_jp_2004, iso2022_jp_3 iso2022jp_3 iso_2022_jp_3, iso2022_jp_ext iso2022jp_ext
  iso_2022_jp_ext, iso2022_kr csiso2022kr iso2022kr iso_2022_kr, iso8859_1, johab cp1361 ms1361, koi8_t, kz1048
  kz_1048 rk1048 strk1048_2002, latin_1 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987
  iso_ir_100 l1 latin latin1, mac_arabic, mac_croatian, mac_farsi, mac_greek macgreek, mac_iceland maciceland,
  mac_latin2 mac_centeuro maccentraleurope maclatin2, mac_romanian, mac_turkish macturkish, palmos, ptcp154 cp154
  csptcp154 cyrillic_asian pt154, raw_unicode_escape, unicode_escape, utf_7 u7 unicode_1_1_utf_7 utf7
`;

interface Names {
  modules: Map<string, string>;
  aliases: Map<string, string>;
}

let names: Names | undefined;

/** The TextDecoder label of a Python encoding; null if Python does not have it, or not for source files. */
export function labelOf(declared: string): string | null {
  const name = declared.toLowerCase().replaceAll('_', '-');
  // As CPython's tokenizer does, whatever follows the dash.
  if (/^utf-8(?:-|$)/.test(name)) return 'utf-8';
  if (/^(?:latin-1|iso-8859-1|iso-latin-1)(?:-|$)/.test(name)) return 'latin1';
  const normalized = name.replace(/[^a-z0-9.]+/g, '_').replace(/^_|_$/g, '');
  names ??= readNames();
  const { modules, aliases } = names;
  return (
    aliases.get(normalized) ?? aliases.get(normalized.replaceAll('.', '_')) ?? modules.get(normalized) ?? null
  );
}

function readNames(): Names {
  const names: Names = { modules: new Map(), aliases: new Map() };
  for (const line of ENCODINGS.trim().split(/\n(?! )/)) {
    const [label, codecs] = line.split(': ') as [string, string];
    for (const codec of codecs.split(/,\s+/)) {
      const [module, ...aliases] = codec.split(/\s+/);
      names.modules.set(module!, label);
      for (const alias of aliases) names.aliases.set(alias, label);
    }
  }
  return names;
}
