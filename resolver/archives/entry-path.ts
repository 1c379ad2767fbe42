/** The names that an archive's entries may have: the same on every system, because files move from one to another. */

const LONGEST_PATH = 1_024;
/** In UTF-16 code units; systems count 255 of these, or bytes of UTF-8. */
const LONGEST_SEGMENT = 255;

/** Names of devices on Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)/i;

/** The problem of an entry's path, such as `leads out of its folder`; null if the path is valid. */
export function pathIssue(path: string): string | null {
  if (path.length > LONGEST_PATH) return `is longer than ${LONGEST_PATH} characters`;
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return 'has a control character';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/')) return 'is absolute';
  if (/^[a-z]:/i.test(path)) return 'begins with a drive letter';
  if (path.includes(':')) return 'has a colon';
  for (const segment of path.split('/')) {
    const issue = segmentIssue(segment);
    if (issue !== null) return issue;
  }
  return null;
}

function segmentIssue(segment: string): string | null {
  if (segment === '..') return 'leads out of its folder';
  if (segment === '' || segment === '.') return 'has an empty part';
  if (segment.length > LONGEST_SEGMENT) return `has a part of more than ${LONGEST_SEGMENT} characters`;
  if (/[. ]$/.test(segment)) return 'has a part that ends with a dot or a space';
  if (DEVICE.test(segment)) return 'is a device on Windows';
  return null;
}

/** Equal for paths that some file system treats as the same: those that ignore case, or Unicode normalization. */
export function sameFileKey(path: string): string {
  return path.normalize('NFD').toUpperCase().normalize('NFD');
}
