import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** What is known of the place that lines are written to. */
export interface Screen {
  /** Null if lines may have any length, as in a file or a pipe. */
  columns: number | null;
  /** Functions that leave text as it is if there are no colours. */
  colors: Colors;
}

/** From here on, nothing has colours, the help that commander prints included. */
export function leaveOutColors(): void {
  process.env.NO_COLOR = '1';
}

/** Colours are for terminals, unless `NO_COLOR` is set (no-color.org). */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const terminal = stream.isTTY === true;
  const colorful = terminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return { columns: terminal ? stream.columns || 80 : null, colors: pc.createColors(colorful) };
}
