import { printable } from '../../../resolver/text/printable.ts';

/** A name or a version, inert, which a narrow column breaks after its marks and not within its words. */
export function Breakable({ text }: { text: string }) {
  return (
    <>
      {printable(text)
        .split(/(?<=[._+-])(?=\w)/)
        .map((part, at) => (at === 0 ? part : [<wbr />, part]))}
    </>
  );
}
