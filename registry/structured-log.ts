/** Logs lines of JSON, so that Workers Logs can filter by their fields. */

type Fields = Readonly<Record<string, string | number | null>>;

/**
 * Secrets that must not be in a log: the user and password of a URL, the credentials of an Authorization header, the
 * registry's own tokens, identities of jobs, and the key of the log.
 */
const SECRETS: readonly [RegExp, string][] = [
  [/(\w:\/\/)[^/\s"]+@/g, '$1***@'],
  [/\b(basic|bearer)\s+[^\s",]+/gi, '$1 ***'],
  [/\bpinwheel_[\w-]+/g, 'pinwheel_***'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '***'],
  [/PRIVATE\+KEY\+[^\s"]+/g, 'PRIVATE+KEY+***'],
];

/** Logs an event that an operator may look for. */
export function logEvent(event: string, fields: Fields): void {
  console.log(line({ event, ...fields }));
}

/** Logs a failure that the registry works around. */
export function logWarning(message: string, cause?: unknown): void {
  console.warn(line({ level: 'warning', message, cause: textOf(cause) }));
}

/** Logs a failure that needs an operator. */
export function logError(message: string, cause?: unknown): void {
  console.error(line({ level: 'error', message, cause: textOf(cause) }));
}

/** The result of a reading that pages do without if it fails: then it is null, and the failure is logged. */
export function orNull<Read>(reading: Promise<Read>): Promise<Read | null> {
  return reading.catch((error: unknown) => {
    logError('a page lacks what could not be read', error);
    return null;
  });
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
