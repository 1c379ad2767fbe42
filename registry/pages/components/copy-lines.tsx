import type { Child } from 'hono/jsx';
import { copyable } from './breakable.ts';

/** Longer blocks scroll: a question may have hundreds of requirements. */
const LONG = 1500;

/** Lines with a copy button, which the script adds by their id. */
export function CopyLines({ id, caption, lines }: { id: string; caption: Child; lines: readonly string[] }) {
  const text = lines.join('\n');
  const scrolls = text.length > LONG && ({ class: 'scrolls', tabindex: 0, 'aria-labelledby': id } as const);
  return (
    <figure>
      <figcaption id={id}>{caption}</figcaption>
      <pre {...scrolls}>{copyable(text)}</pre>
    </figure>
  );
}

/** A basic string of TOML, which is also one of JSON for the characters of dates, flags and names. */
export function toml(text: string): string {
  return JSON.stringify(text);
}
