import { html } from 'hono/html';
import { visible } from '../../../resolver/text/printable.ts';
import { copyable } from './breakable.ts';

/** The commands in a sentence, with their options. */
const COMMAND = String.raw`pinwheel (?:build|check|diff|resolve|vendor|when|why)(?: --[a-z-]+(?: \w+_[\w.]*\w)?)*`;

/** Whole words with their dots, hyphens and slashes, without the punctuation of the sentence. */
const WORDS = new RegExp(String.raw`(?<=^|[\s("])(${COMMAND}|[\w/-]+(?:\.\w[\w/-]*)*)(?=$|[\s.,:;?)"])`);

/** A sentence of the resolver, escaped, with its identifiers as code and its dates on one line. */
export function Sentence({ text }: { text: string }) {
  return <>{spoken(text)}</>;
}

/** The same for templates. */
export function spoken(text: string) {
  return visible(text)
    .split(WORDS)
    .map((part, at) => {
      const word = at % 2 === 1;
      if (word && /_|^pinwheel /.test(part)) return html`<code>${copyable(part)}</code>`;
      return word && /^\d{4}-\d+-\d+$/.test(part) ? html`<span class="whole">${part}</span>` : part;
    });
}

/** The message of an issue; of a requirement that cannot be read, with the place in it below. */
export function Message({ text }: { text: string }) {
  const [sentence = '', ...excerpt] = text.split('\n');
  return (
    <>
      <p>
        <Sentence text={sentence} />
      </p>
      {excerpt.length > 0 && (
        <pre>{excerpt.map((line) => visible(line.slice(EXCERPT_INDENT))).join('\n')}</pre>
      )}
    </>
  );
}

/** What terminals set the lines of an excerpt apart by. */
const EXCERPT_INDENT = 4;

/** The fix of an issue or a remark; empty if there is none. */
export function Fix({ fix }: { fix: string | null }) {
  if (fix === null) return null;
  return (
    <p>
      <span class="lead">What to do:</span> <Sentence text={fix} />
    </p>
  );
}
