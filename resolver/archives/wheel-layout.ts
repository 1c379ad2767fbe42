/** Where a wheel's files are installed (PEP 427): at the root, except those in `NAME-VERSION.data/SCHEME/`. */

export type Destination = { path: string } | { path: null; scheme: string };

const WHY: Record<string, string> = {
  scripts: 'a Worker runs no commands',
  headers: 'a Worker compiles no extensions',
  data: 'there is nothing that it would be relative to',
};

/** `path` is relative to the root of the folder; null if the file is not installed there. */
export function destinationOf(name: string): Destination {
  const [, scheme, path] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(name) ?? [];
  if (scheme === undefined || path === undefined) return { path: name };
  return scheme === 'purelib' || scheme === 'platlib' ? { path } : { path: null, scheme };
}

export function whyLeftOut(scheme: string): string {
  return Object.hasOwn(WHY, scheme) ? WHY[scheme]! : 'the specification of wheels does not know it';
}
