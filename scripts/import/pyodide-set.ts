/** The package set of a Pyodide release, from the lock file in npm's `pyodide` package. */
import { gte } from 'semver';
import type { Tarball } from '../../cli/packages/npm.ts';
import { readFromTarball } from '../../cli/packages/npm.ts';
import { type Member, PackageSet, type WorkerdDocument } from '../../resolver/catalog.ts';
import { checkPin, sha256 } from './digest.ts';
import { dateOfFlag, packageFlag } from './package-flag.ts';
import { membersOf, parseLock } from './pyodide-lock.ts';
import type { PyodideRelease, Sources } from './sources.ts';

export const PYODIDE_PACKAGE = 'pyodide';
const LOCK = 'pyodide-lock.json';

export async function readPyodideLock(tarball: Tarball): Promise<string> {
  return (await readFromTarball(tarball.path, `package/${LOCK}`)).toString('utf8');
}

export function pyodideSet(release: PyodideRelease, text: string, sources: Sources): PackageSet {
  checkPin(`${LOCK} of Pyodide ${release.version}`, text, release.lock_sha256);
  const lock = parseLock(text);
  const { platform, abi_version: abi } = lock.info;
  const python = release.python ?? lock.info.python;
  if (!abi) throw new Error(`the lock of Pyodide ${release.version} states no ABI`);
  const flag = release.flag ?? packageFlag(python, release.released);
  const released = dateOfFlag(flag);
  const members = membersOf(lock, `https://cdn.jsdelivr.net/pyodide/v${release.version}/full/`);
  return PackageSet.parse({
    kind: 'set',
    flag,
    python,
    abi,
    platform,
    runtime: release.version,
    released,
    default_from: null,
    source: {
      registry: 'npm',
      package: PYODIDE_PACKAGE,
      version: release.version,
      file: LOCK,
      sha256: sha256(text),
    },
    packages: members.map((member) => withPatch(member, release.version, sources)),
  });
}

/** The default set of a runtime without Cloudflare's packages is that of its Pyodide release. */
export function withDefaults(
  sets: readonly PackageSet[],
  workerds: readonly WorkerdDocument[],
): PackageSet[] {
  const releases = workerds.flatMap((workerd) => workerd.releases);
  const bare = new Set(releases.flatMap(({ pyodide, packages_tag: tag }) => (tag === null ? pyodide : [])));
  return sets.map((set) => (bare.has(set.runtime) ? { ...set, default_from: set.released } : set));
}

/** In a lock, packages that Pyodide has patched have no dependencies. */
function withPatch(member: Member, pyodide: string, sources: Sources): Member {
  const isPatched = sources.patched_by_pyodide.some(
    ({ package: name, from }) => name === member.name && gte(pyodide, from) && member.depends.length === 0,
  );
  return isPatched ? { ...member, patched: { by: 'pyodide' } } : member;
}
