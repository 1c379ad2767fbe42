/** The longest piece of input that a message quotes, in UTF-16 units. */
const LONGEST_QUOTE = 200;

/**
 * Input as a message may quote it. Printable text stays as it is, so that workerd's sentences read as workerd
 * writes them; control characters, direction marks and lone surrogates become `\u{…}`, and long input is cut.
 */
export function printable(text: string): string {
  if (/^[\x20-\x7e]{0,200}$/.test(text)) return text;
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
