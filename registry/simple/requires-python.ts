/** In characters. */
const LONGEST_SPECIFIER = 200;

/**
 * `Requires-Python` of a wheel's METADATA: one header of many before the first empty line. Null where it has
 * none, or one that is not made of what a version specifier is made of, which no installer could read.
 */
export function requiresPythonOf(metadata: string): string | null {
  const end = /\r?\n\r?\n/.exec(metadata)?.index ?? metadata.length;
  const value = /^requires-python:[ \t]*([^\r\n]*)/im.exec(metadata.slice(0, end))?.[1]?.trim();
  if (!value || value.length > LONGEST_SPECIFIER) return null;
  return /^[0-9a-z .,<>=!~*+_-]+$/i.test(value) ? value : null;
}
