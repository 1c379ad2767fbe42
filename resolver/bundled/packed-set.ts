/** Package sets as differences from each other, for bundles: most of a set is digests, and the rest as in others. */
import type { Member, PackageSet } from '../catalog.ts';

/** The differences of a set from its base, as JSON. A set without a base has all members in `rows`. */
export interface PackedSet {
  head: Omit<PackageSet, 'packages'>;
  /** The URL of the set's files, up to their names. */
  place: string;
  /** The tag of its binary wheels. */
  tag: string;
  /** Names of the base that it does not have. */
  gone: string[];
  /** Members that differ from those of the base, by name. */
  rows: Record<string, Partial<Facts>>;
  /**
   * The SHA-256 of the members of `rows`, and of those that have none in the base, in the order of the set: bytes as
   * Base64. Empty for a base that is only what sets have in common whose wheels were built anew.
   */
  digests: string;
}

/** A member, whose file name is a pattern: `*` is the version, `?` the tag. Without `url`, it is at the set's place. */
type Facts = Omit<Member, 'filename' | 'url'> & { file: string; url?: string | null };

export type Base = ReadonlyMap<string, Facts>;

export const NO_BASE: Base = new Map();

/** The facts of a new member, in the order of the schema. */
const BLANK: Facts = {
  name: '',
  written_name: '',
  version: '',
  kind: 'package',
  sha256: '',
  size: null,
  imports: [],
  depends: [],
  written_depends: [],
  install_dir: 'site',
  unvendored_tests: false,
  patched: null,
  file: '*-?',
};

/** The document, and what sets that have it as their base need of it. */
export function unpackSet(packed: PackedSet, base: Base): { set: PackageSet; facts: Base } {
  const { head, place, tag, rows } = packed;
  const bytes = atob(packed.digests);
  let at = 0;
  const facts = new Map<string, Facts>();
  const packages = namesOf(packed, base).map((name) => {
    const row = Object.hasOwn(rows, name) ? rows[name] : null;
    const own = { ...startOf(name, base), ...row };
    if (bytes !== '' && (row || own.sha256 === '')) own.sha256 = hexAt(bytes, 32 * at++);
    facts.set(name, own);
    const { name: _, file, url, written_name, version, kind, ...rest } = own;
    const filename = filenameOf(file, version, tag);
    const address = url === undefined ? place + filename : url;
    return { name, written_name, version, kind, filename, url: address, ...rest };
  });
  return { set: { ...head, packages } as PackageSet, facts };
}

/** The inverse of `unpackSet`. */
export function packSet({ packages, ...head }: PackageSet, base: Base): PackedSet {
  const place = mostCommon(packages.flatMap(({ filename, url }) => url?.slice(0, -filename.length) ?? []));
  const tag = mostCommon(packages.flatMap(({ filename }) => /-(cp\d+-.*)\.whl$/.exec(filename)?.[1] ?? []));
  const rows: PackedSet['rows'] = {};
  const digests: string[] = [];
  for (const { filename, url, ...given } of packages) {
    const { name, version, sha256 } = given;
    const start: Record<string, unknown> = { ...startOf(name, base) };
    const file = filename.replace(tag, '?').replace(version, '*');
    if (filenameOf(file, version, tag) !== filename) throw new Error(`${filename} has a * or a ? of its own`);
    const own = { ...given, file, ...(url !== place + filename && { url }), sha256: start.sha256 };
    const row = Object.entries(own).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(start[key]),
    );
    const isOther = row.length > 0 || !base.has(name) || (start.sha256 !== '' && start.sha256 !== sha256);
    if (isOther) rows[name] = Object.fromEntries(row);
    if (isOther || start.sha256 === '') digests.push(sha256);
  }
  const names = packages.map(({ name }) => name);
  const gone = [...base.keys()].filter((name) => !names.includes(name));
  const packed = { head, place, tag, gone, rows, digests: btoa(digests.map(binaryOf).join('')) };
  if (names.join() !== namesOf(packed, base).join()) throw new Error(`${head.flag} is not sorted by name`);
  return packed;
}

function namesOf({ gone, rows }: Pick<PackedSet, 'gone' | 'rows'>, base: Base): string[] {
  const names = new Set([...base.keys(), ...Object.keys(rows)]);
  for (const name of gone) names.delete(name);
  return [...names].sort();
}

function startOf(name: string, base: Base): Facts {
  const member = base.get(name);
  if (!member) return { ...BLANK, name, written_name: name };
  // Each set says itself which of its files are elsewhere.
  const { url: _, ...rest } = member;
  return rest;
}

/** Replaces with functions, because a version may have a `$`. */
function filenameOf(file: string, version: string, tag: string): string {
  return file.replace('*', () => version).replace('?', () => tag);
}

function mostCommon(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

const DIGITS = '0123456789abcdef';

function hexAt(bytes: string, from: number): string {
  let hex = '';
  for (let at = from; at < from + 32; at++) {
    const byte = bytes.charCodeAt(at);
    hex += DIGITS[byte >> 4]! + DIGITS[byte & 15]!;
  }
  return hex;
}

const binaryOf = (hex: string) => hex.replace(/../g, (two) => String.fromCharCode(Number.parseInt(two, 16)));
