/** A workerd binary as a document: its flags, its Python releases and its package locks. */

import { hash } from 'node:crypto';
import { readFromTarball, type Tarball } from '../../cli/packages/npm.ts';
import { type PackageLockFact, type ReleaseFact, WorkerdDocument } from '../../resolver/catalog.ts';
import { findConstantStructs, findConstantText } from './capnp.ts';
import { decodeFlags } from './compatibility-flags.ts';
import { decodeReleases } from './python-releases.ts';
import type { RuntimeOf } from './sets.ts';
import { WORKERD_PACKAGE } from './sources.ts';

const BINARY = 'bin/workerd';

export function readWorkerdBinary(tarball: Tarball): Promise<Buffer> {
  return readFromTarball(tarball.path, `package/${BINARY}`);
}

export function workerdDocument(version: string, binary: Buffer, runtimeOf: RuntimeOf): WorkerdDocument {
  const flags = decodeFlags(binary);
  const releases = decodeReleases(binary, flags, runtimeOf);
  return WorkerdDocument.parse({
    kind: 'workerd',
    workerd: version,
    flags: flags.map(({ fact }) => fact),
    releases,
    package_locks: packageLocks(binary, releases),
    source: {
      registry: 'npm',
      package: WORKERD_PACKAGE,
      version,
      file: BINARY,
      sha256: hash('sha256', binary),
    },
  });
}

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
  return [...locks].map(([tag, text]) => ({ tag, sha256: hash('sha256', text) }));
}

function readTable(binary: Buffer): Map<string, string> {
  const locks = findConstantStructs(binary, 'pyodide_extra.capnp:packageLocks') ?? [];
  return new Map(locks.map((lock) => [lock.text(0) ?? '', lock.text(1) ?? '']));
}
