import type { Child } from 'hono/jsx';

/** Lines that the script offers to copy. The id names them for the button. */
export function CopyLines({ id, caption, lines }: { id: string; caption: Child; lines: readonly string[] }) {
  return (
    <figure>
      <figcaption id={id}>{caption}</figcaption>
      <pre>{lines.join('\n')}</pre>
    </figure>
  );
}

/** A basic string of TOML, which for what dates, flags and names are made of is also one of JSON. */
export function toml(text: string): string {
  return JSON.stringify(text);
}
