import { printable } from '../../../resolver/text/printable.ts';

/** A name or a version, escaped. A narrow column may break it after punctuation, not within words. */
export function Breakable({ text }: { text: string }) {
  return (
    <>
      {printable(text)
        .split(/(?<=[._+-])(?=\w)/)
        .map((part, at) => (at === 0 ? part : [<wbr />, part]))}
    </>
  );
}
