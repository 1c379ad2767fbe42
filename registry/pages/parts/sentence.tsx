import { printable } from '../../../resolver/text/printable.ts';

/** Whole words: their own dots and hyphens belong to them, the sentence's marks after them do not. */
const WORDS = /(?<=^|[\s("])([\w-]+(?:\.\w[\w-]*)*)(?=$|[\s.,:;?)"])/;

/** A sentence of the resolver, inert, with its identifiers set as code and its dates kept on one line. */
export function Sentence({ text }: { text: string }) {
  return (
    <>
      {printable(text)
        .split(WORDS)
        .map((part, at) => {
          const word = at % 2 === 1;
          if (word && part.includes('_')) return <code>{part}</code>;
          return word && /^\d{4}-\d+-\d+$/.test(part) ? <span class="whole">{part}</span> : part;
        })}
    </>
  );
}

/** What to do about an issue or a remark; nothing where nobody can tell. */
export function Fix({ fix }: { fix: string | null }) {
  if (fix === null) return null;
  return (
    <p>
      <span class="lead">What to do:</span> <Sentence text={fix} />
    </p>
  );
}
