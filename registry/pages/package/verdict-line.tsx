import { printable } from '../../../resolver/text/printable.ts';
import { Sentence } from '../components/text.tsx';
import type { Verdict } from '../matrix/verdict.ts';

const WORDS: Record<Verdict['is'], [style: string, mark: string]> = {
  yes: ['yes', '✓'],
  flag: ['part', '◐'],
  no: ['no', '✕'],
};

/** The answer, before everything else. */
export function VerdictLine({ verdict: { is, sentences } }: { verdict: Verdict }) {
  const [style, mark] = WORDS[is];
  const [first = '', ...rest] = sentences;
  return (
    <div id="_verdict" class={`verdict is-${style}`}>
      <p>
        <span class={style} aria-hidden="true">
          {mark}
        </span>{' '}
        <strong>
          <Sentence text={printable(first)} />
        </strong>{' '}
        <Sentence text={rest.join(' ')} />
      </p>
    </div>
  );
}
