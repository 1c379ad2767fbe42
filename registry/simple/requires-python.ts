import { parseMetadata } from '../../resolver/wheels/files.ts';

/** In characters. */
const LONGEST_SPECIFIER = 200;

/**
 * `Requires-Python` of a wheel's METADATA. Null if it is missing, or has characters that no version specifier has:
 * installers could not read it.
 */
export function requiresPythonOf(metadata: string): string | null {
  const value = parseMetadata(metadata).requires_python;
  if (value === null || value.length > LONGEST_SPECIFIER) return null;
  return /^[0-9a-z .,<>=!~*+_-]+$/i.test(value) ? value : null;
}
