/** Reads the lock files of Cloudflare's own package sets, which workerd carried as text. */
import { findConstantStructs } from './embedded-schema.ts';

/** The lock file of the built-in packages with `tag`, such as `20240829.4`. */
export function readPackageLock(binary: Buffer, tag: string): string {
  const locks = findConstantStructs(binary, 'pyodide_extra.capnp:packageLocks') ?? [];
  const lock = locks.find((entry) => entry.text(0) === tag)?.text(1);
  if (!lock) throw new Error(`the binary has no package lock ${tag}`);
  return lock;
}
