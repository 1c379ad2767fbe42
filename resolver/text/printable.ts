/** The longest piece of input that a message quotes, in UTF-16 units. */
const LONGEST_QUOTE = 200;

/**
 * Input as a message may quote it: {@link visible}, and cut where it is long. Printable text stays as it is, so that
 * workerd's sentences read as workerd writes them.
 */
export function printable(text: string): string {
  if (/^[\x20-\x7e]{0,200}$/.test(text)) return text;
  return visible(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

/**
 * Text as a terminal or a page may be given it: control characters (line ends too), direction marks and lone
 * surrogates, all of which make it do or show something else, become `\u{…}`.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
