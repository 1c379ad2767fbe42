/** The longest pieces of input that a message quotes, in UTF-16 units. workerd shows names whole. */
const LONGEST_QUOTE = 200;
const LONGEST_NAME = 1_000;

const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Input as a message may quote it: {@link visible}, and cut if it is long. workerd's sentences stay as they are. */
export function printable(text: string): string {
  return visible(shortened(text, LONGEST_QUOTE));
}

/** Control characters (line ends too), direction marks and lone surrogates, on which terminals act, as `\u{…}`. */
export function visible(text: string): string {
  // Most texts need no look at the classes of Unicode, which takes longer.
  return /[^ -~]/.test(text) ? text.replace(ACTING, escaped) : text;
}

/** Input as it is, but for its length; by default that of names. */
export function shortened(text: string, most = LONGEST_NAME): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** The text between backquotes, shortened and with nothing in it that a terminal or a page would act upon. */
export function quote(text: string): string {
  return `\`${asciiOnly(text.slice(0, 40))}${text.length > 40 ? '...' : ''}\``;
}

/** All but printable ASCII as escapes, so that a look-alike letter can be told from the one it looks like. */
export function asciiOnly(text: string): string {
  return text.replace(/[^ -~]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** The first of many names: `a, b and 3 more`. */
export function listed(names: readonly string[], most: number, rest = 'more'): string {
  const more = names.length - most;
  // Not `toLocaleString`, for which an isolate reads the tables of languages first.
  return (
    names.slice(0, most).join(', ') +
    (more > 0 ? ` and ${String(more).replace(/\B(?=(...)+$)/g, ',')} ${rest}` : '')
  );
}

/** Texts in a sentence: `a, b and c`. A text may have commas of its own. */
export function series(texts: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  return [...texts.slice(0, -2), texts.slice(-2).join(` ${conjunction} `)].join(', ');
}

/** A word as a POSIX shell takes it, quoted where it has to be, and whole: it is for copying. */
export function shellWord(text: string): string {
  const word = visible(text);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
