/** A workerd binary as a document: its flags, its Python releases and its package locks. */

import type { Tarball } from '../../cli/packages/npm.ts';
import { readFromTarball } from '../../cli/packages/npm.ts';
import { WorkerdDocument } from '../../resolver/catalog.ts';
import { decodeFlags } from './compatibility-flags.ts';
import { sha256 } from './digest.ts';
import { packageLocks } from './package-locks.ts';
import { decodeReleases } from './python-releases.ts';
import type { RuntimeOf } from './runtimes.ts';

/** Any platform's binary has the same tables; this one is the easiest to read on a server. */
export const WORKERD_PACKAGE = '@cloudflare/workerd-linux-64';
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
      sha256: sha256(binary),
    },
  });
}
