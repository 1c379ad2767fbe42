/** The files of a wheel (PEP 427): where they are installed, what they can be imported as, RECORD and METADATA. */
import type { SeenFile } from '../catalog.ts';

export type Destination = { path: string } | { path: null; scheme: string };

const WHY: Record<string, string> = {
  scripts: 'a Worker runs no commands',
  headers: 'a Worker compiles no extensions',
  data: 'there is nothing that it would be relative to',
};

/** `path` is relative to the root, where all is installed but `NAME-VERSION.data/SCHEME/`; null if it is not. */
export function destinationOf(name: string): Destination {
  const [, scheme, path] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(name) ?? [];
  if (scheme === undefined || path === undefined) return { path: name };
  return scheme === 'purelib' || scheme === 'platlib' ? { path } : { path: null, scheme };
}

export function whyLeftOut(scheme: string): string {
  return Object.hasOwn(WHY, scheme) ? WHY[scheme]! : 'the specification of wheels does not know it';
}

const MODULE = /^([^/.]+)(?:\.[^/]+)?\.(?:py|so)$/;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** The importable top-level names of a wheel with these paths: modules, packages and namespaces, sorted. */
export function modulesAmong(paths: readonly string[]): string[] {
  const modules = new Set<string>();
  for (const whole of paths) {
    const { path } = destinationOf(whole);
    if (path === null) continue;
    const parts = path.split('/');
    const module = MODULE.exec(parts.at(-1)!)?.[1];
    const name = parts.length === 1 ? module : parts[0];
    if (module !== undefined && name !== undefined && IDENTIFIER.test(name)) modules.add(name);
  }
  return [...modules].sort();
}

export interface RecordedHash {
  /** As RECORD writes it, in lower case: `sha256`. */
  algorithm: string;
  /** In URL-safe Base64 without padding. */
  digest: string;
  /** In bytes, as it is written; empty if it is not. */
  size: string;
}

/** The allowed hashes. The specification of wheels forbids MD5 and SHA-1. */
export const RECORD_ALGORITHMS: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);

/** The paths in a RECORD, with their hashes or null. Null for a text that is not CSV of three fields. */
export function parseRecord(text: string): ReadonlyMap<string, RecordedHash | null> | null {
  const files = new Map<string, RecordedHash | null>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const fields = /^(?:"((?:[^"]|"")*)"|([^",]*)),([^,]*),([^,]*)$/.exec(line);
    if (!fields) return null;
    const [, quoted, bare, hash, size] = fields;
    const path = quoted?.replaceAll('""', '"') ?? bare!;
    const equals = hash!.indexOf('=');
    if (hash !== '' && equals < 0) return null;
    const digest = hash!.slice(equals + 1).replace(/=+$/, '');
    const algorithm = hash!.slice(0, equals).toLowerCase();
    files.set(path, hash === '' ? null : { algorithm, digest, size: size! });
  }
  return files;
}

export interface WheelMetadata {
  metadata_version: string | null;
  /** As it is written; null if there is none, as for the version. */
  name: string | null;
  version: string | null;
  requires_python: string | null;
  /** Each Requires-Dist, as it is written. */
  requires_dist: string[];
  provides_extra: string[];
}

/** Reads METADATA. In linear time, whatever the text is. */
export function parseMetadata(text: string): WheelMetadata {
  const fields = headersOf(text);
  const all = (name: string) => fields.get(name) ?? [];
  const first = (name: string) => all(name)[0] || null;
  return {
    metadata_version: first('metadata-version'),
    name: first('name'),
    version: first('version'),
    requires_python: first('requires-python'),
    requires_dist: all('requires-dist'),
    provides_extra: all('provides-extra'),
  };
}

/** Facts of METADATA for people; null for those that it lacks, or has only as a text of several lines. */
export function describedIn(text: string): Pick<SeenFile, 'summary' | 'license' | 'home_page'> {
  const fields = headersOf(text);
  const line = (name: string) => fields.get(name)?.map(lineOrNull)[0] ?? null;
  const classifier = fields
    .get('classifier')
    ?.find((value) => value.startsWith('License :: OSI Approved :: '));
  const home = fields.get('project-url')?.find((value) => /^home[ -]?page\s*,/i.test(value));
  return {
    summary: line('summary'),
    license: line('license-expression') ?? line('license') ?? classifier?.split(' :: ').at(-1) ?? null,
    home_page: line('home-page') ?? lineOrNull(home?.slice(home.indexOf(',') + 1) ?? ''),
  };
}

function lineOrNull(value: string): string | null {
  const line = value.trim();
  return /^(?!UNKNOWN$)[^\p{C}\u2028\u2029]{1,500}$/u.test(line) ? line : null;
}

/** The headers before the first empty line, by their names in lower case. */
function headersOf(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  let last: string[] = [];
  for (const line of headerLines(text)) {
    if (/^[ \t]/.test(line)) {
      // A field goes on in lines that begin with white space.
      const at = last.length - 1;
      if (at >= 0) last[at] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    last = fields.get(name) ?? [];
    fields.set(name, last);
    last.push(line.slice(colon + 1).trim());
  }
  return fields;
}

function* headerLines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
    if (line === '') return;
    yield line;
    start = end < 0 ? text.length : end + 1;
  }
}
