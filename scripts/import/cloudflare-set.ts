/** The package sets that Cloudflare shipped, from the lock files inside workerd binaries. */
import { PackageSet } from '../../resolver/catalog.ts';
import { checkPin, sha256 } from './digest.ts';
import { dateOfFlag, packageFlag } from './package-flag.ts';
import { membersOf, parseLock } from './pyodide-lock.ts';
import type { RuntimeOf } from './runtimes.ts';
import type { CloudflareSource } from './sources.ts';
import { WORKERD_PACKAGE } from './workerd.ts';

/**
 * The lock's `info` does not describe the runtime that workerd pairs with the packages, so the Python and the ABI are
 * those of the runtime.
 */
export function cloudflareSet(source: CloudflareSource, text: string, runtimeOf: RuntimeOf): PackageSet {
  checkPin(`package lock ${source.tag}`, text, source.sha256);
  const runtime = runtimeOf(source.runtime);
  const day = source.tag.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
  const flag = packageFlag(runtime.python, day);
  const released = dateOfFlag(flag);
  return PackageSet.parse({
    kind: 'set',
    flag,
    ...runtime,
    runtime: source.runtime,
    released,
    default_from: released,
    source: {
      registry: 'npm',
      package: WORKERD_PACKAGE,
      version: source.workerd,
      file: `pyodide-lock_${source.tag}.json`,
      sha256: sha256(text),
    },
    packages: membersOf(parseLock(text), `https://python-packages.edgeworker.net/${source.tag}/`),
  });
}
