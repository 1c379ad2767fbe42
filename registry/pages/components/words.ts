/** Amounts and builds of packages, in words. */
import type { Member, MemberKind } from '../../../resolver/catalog.ts';

/** Whether a file has compiled code, by the tags of its name; null without tags (archives of tests). */
export function buildOf({ filename, kind }: Pick<Member, 'filename' | 'kind'>): 'compiled' | 'pure' | null {
  if (kind === 'shared_library') return 'compiled';
  if (!filename.endsWith('.whl')) return null;
  return filename.endsWith('-none-any.whl') ? 'pure' : 'compiled';
}

/** Bytes in decimal units. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A number of packages, in words. */
export function packages(count: number): string {
  return `${count} ${count === 1 ? 'package' : 'packages'}`;
}

const KINDS: Record<MemberKind, [one: string, many: string]> = {
  package: ['package', 'packages'],
  shared_library: ['library', 'libraries'],
  standard_library: ['module', 'modules'],
};

type Entry = Pick<Member, 'name' | 'kind'>;

/** The content of a set without tests, such as `57 packages, 1 library, and 1 module`. */
export function contentsOf(members: readonly Entry[]): string {
  const counted = Map.groupBy(
    members.filter((member) => !isOfTests(member)),
    ({ kind }) => kind,
  );
  const parts = (Object.keys(KINDS) as MemberKind[]).flatMap((kind) => {
    const count = counted.get(kind)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${KINDS[kind][count === 1 ? 0 : 1]}`];
  });
  return new Intl.ListFormat('en').format(parts);
}

/** How many members are packages, which is what every page counts: no libraries, modules of Python, or tests. */
export function packagesIn(members: readonly Entry[]): number {
  return members.filter((member) => member.kind === 'package' && !isOfTests(member)).length;
}

/**
 * Whether a name is that of a package's tests, which Pyodide takes out into members of their own: of no use to a
 * Worker.
 */
export function isOfTests({ name }: { name: string }): boolean {
  return name.endsWith('-tests');
}

/** The package of a member with tests. */
export function testedName({ name }: { name: string }): string {
  return name.slice(0, -'-tests'.length);
}
