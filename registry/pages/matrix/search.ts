/**
 * Which rows a search finds, and in which order. The page's script contains the source of these functions, so they use
 * nothing from outside themselves.
 */

/** The name in what people paste: `import PIL`, `numpy>=2`, `ruamel.yaml`. */
export function wantedName(query: string): string {
  return query
    .trim()
    .toLowerCase()
    .replace(/^(import|from)\s+/, '')
    .replace(/[\s<>=!~;@[(,#].*$/s, '')
    .replace(/[-_.]+/g, '-')
    .replace(/^-|-$/g, '');
}

/**
 * How well `names` match: a package's name and then its import names, between spaces. 0 is the best, 5 is no match.
 */
export function rankOf(names: string, wanted: string): number {
  // First, because most names do not match, and each letter asks about all.
  if (!names.includes(wanted)) return 5;
  if (names === wanted || names.startsWith(`${wanted} `)) return 0;
  if (`${names} `.includes(` ${wanted} `)) return 1;
  if (names.startsWith(wanted)) return 2;
  if (names.includes(` ${wanted}`)) return 3;
  return 4;
}

/** Whether `wanted` names the tests of the package that has these `names`. */
export function isTestsOf(names: string, wanted: string): boolean {
  // First, because few searches are for tests, and each letter asks about all names.
  return wanted.endsWith('-tests') && wanted === `${names.split(' ', 1)[0]}-tests`;
}

/** The text that {@link rankOf} takes. */
export function namesOf(name: string, imports: readonly string[]): string {
  return [...new Set([name, ...imports].map(wantedName))].join(' ');
}
