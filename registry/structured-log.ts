/** One line of JSON for whatever an operator should know, so that Workers Logs can filter by its fields. */

type Fields = Readonly<Record<string, string | number | null>>;

/** What must not be read in a log: user and password of a URL, bearer tokens, and the registry's own tokens. */
const SECRETS: readonly [RegExp, string][] = [
  [/(\w:\/\/)[^/\s@]+@/g, '$1***@'],
  [/\b(bearer)\s+[^\s",]+/gi, '$1 ***'],
  [/\bpinwheel_[\w-]+/g, 'pinwheel_***'],
];

/** Something was done that an operator may look for. */
export function logEvent(event: string, fields: Fields): void {
  console.log(line({ event, ...fields }));
}

/** Something failed, and the registry goes on as well as it can. */
export function logWarning(message: string, cause?: unknown): void {
  console.warn(line({ level: 'warning', message, cause: textOf(cause) }));
}

/** Something failed that somebody has to look at. */
export function logError(message: string, cause?: unknown): void {
  console.error(line({ level: 'error', message, cause: textOf(cause) }));
}

function line(fields: Fields): string {
  const text = JSON.stringify(fields);
  return SECRETS.reduce((hidden, [secret, instead]) => hidden.replace(secret, instead), text);
}

/** An error with its stack and what caused it. */
function textOf(cause: unknown): string | null {
  if (cause === undefined) return null;
  if (!(cause instanceof Error)) return String(cause);
  const deeper = textOf(cause.cause);
  return `${cause.stack ?? cause.message}${deeper === null ? '' : `\ncaused by ${deeper}`}`;
}
