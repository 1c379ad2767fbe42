import type { Child } from 'hono/jsx';

interface VerdictLineProps {
  kind: 'yes' | 'part' | 'no' | null;
  children?: Child;
}

const SAID = { yes: ['✓', 'Yes'], part: ['◐', 'In part'], no: ['✕', 'No'] } as const;

/** The heading of an answer: its mark and its first word have the colour of the verdict. */
export function VerdictLine({ kind, children }: VerdictLineProps) {
  if (kind === null) return <h1 id="_answer">{children}</h1>;
  const [mark, word] = SAID[kind];
  return (
    <h1 id="_answer" class="headline">
      <span class={`badge ${kind}`} aria-hidden="true">
        {mark}
      </span>{' '}
      <span>
        <span class={kind}>{word}:</span> {children}
      </span>
    </h1>
  );
}
