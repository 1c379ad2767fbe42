/** The longest pieces of input that a message quotes, in UTF-16 units. workerd shows names whole. */
const LONGEST_QUOTE = 200;
const LONGEST_NAME = 1_000;

const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
/**
 * Input as a message may quote it: {@link visible}, and cut if it is long. Printable text stays as it is, so that
 * workerd's sentences read as workerd writes them.
 */
export function printable(text: string): string {
  return visible(shortened(text, LONGEST_QUOTE));
}

/**
 * Text as a terminal or a page may be given it: control characters (line ends too), direction marks and lone
 * surrogates, all of which make it do or show something else, become `\u{…}`.
 */
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
