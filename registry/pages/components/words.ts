/** Amounts and builds of packages, in words. */
import type { Member } from '../../../resolver/catalog.ts';

/** Whether a file holds compiled code, by its name's tags; null if they do not say (archives of tests). */
export function buildOf({ filename, kind }: Pick<Member, 'filename' | 'kind'>): 'compiled' | 'pure' | null {
  if (kind === 'shared_library') return 'compiled';
  if (!filename.endsWith('.whl')) return null;
  return filename.endsWith('-none-any.whl') ? 'pure' : 'compiled';
}

/** Bytes for people, in decimal units. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A number of packages, in words. */
export function packages(count: number): string {
  return `${count} ${count === 1 ? 'package' : 'packages'}`;
}

/** Whether a name is that of a package's tests, which Pyodide takes out into members of their own: of no use to a Worker. */
export function isOfTests({ name }: { name: string }): boolean {
  return name.endsWith('-tests');
}

/** The package that such a member has the tests of. */
export function testedName({ name }: { name: string }): string {
  return name.slice(0, -'-tests'.length);
}
