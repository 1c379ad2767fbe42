declare module 'spdx-expression-parse' {
  /** Throws for what is not an expression. */
  export default function parse(text: string): object;
}
