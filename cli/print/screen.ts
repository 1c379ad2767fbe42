import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** What is known of an output stream. */
export interface Screen {
  /** In columns; null for a file or a pipe, where lines may have any length. */
  columns: number | null;
  /** Without colours, these functions return the text unchanged. */
  colors: Colors;
}

/** Disables colours from now on, in commander's help too. */
export function leaveOutColors(): void {
  process.env.NO_COLOR = '1';
}

/** Colours are for terminals, unless `NO_COLOR` is set (no-color.org). */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const terminal = stream.isTTY === true;
  const colorful = terminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return { columns: terminal ? stream.columns || 80 : null, colors: pc.createColors(colorful) };
}
