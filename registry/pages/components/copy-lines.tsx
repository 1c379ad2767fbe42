import type { Child } from 'hono/jsx';

/** Characters from which on lines scroll by themselves: a question may have hundreds of requirements. */
const LONG = 1500;

/** Lines that the script offers to copy. The id names them for the button. */
export function CopyLines({ id, caption, lines }: { id: string; caption: Child; lines: readonly string[] }) {
  const text = lines.join('\n');
  const scrolls = text.length > LONG && ({ class: 'scrolls', tabindex: 0, 'aria-labelledby': id } as const);
  return (
    <figure>
      <figcaption id={id}>{caption}</figcaption>
      <pre {...scrolls}>{text}</pre>
    </figure>
  );
}

/** A basic string of TOML, which for what dates, flags and names are made of is also one of JSON. */
export function toml(text: string): string {
  return JSON.stringify(text);
}
