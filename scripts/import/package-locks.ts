/** Reads the lock files of Cloudflare's package sets, which workerd embedded as text. */
import type { PackageLockFact, ReleaseFact } from '../../resolver/catalog.ts';
import { sha256 } from './digest.ts';
import { findConstantStructs, findConstantText } from './embedded-schema.ts';

/** The lock file of the built-in packages with `tag`, such as `20240829.4`. */
export function readPackageLock(binary: Buffer, tag: string): string {
  const lock = readTable(binary).get(tag);
  if (!lock) throw new Error(`the binary has no package lock ${tag}`);
  return lock;
}

/** Every lock file that the binary embeds, except those of the standard library alone. */
export function packageLocks(binary: Buffer, releases: readonly ReleaseFact[]): PackageLockFact[] {
  const locks = readTable(binary);
  // Older binaries have no table but one lock file, for the only tag of their releases.
  const only = findConstantText(binary, 'pyodide_extra.capnp:pyodideLock');
  const [first, ...others] = new Set(releases.map(({ packages_tag }) => packages_tag));
  if (only && locks.size === 0) {
    if (!first || others.length > 0) throw new Error('nothing says which tag the one package lock has');
    locks.set(first, only);
  }
  return [...locks].map(([tag, text]) => ({ tag, sha256: sha256(text) }));
}

function readTable(binary: Buffer): Map<string, string> {
  const locks = findConstantStructs(binary, 'pyodide_extra.capnp:packageLocks') ?? [];
  return new Map(locks.map((lock) => [lock.text(0) ?? '', lock.text(1) ?? '']));
}
