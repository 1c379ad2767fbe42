/** `--set FILE`: a `pyodide-lock.json` as the package set, with its files next to it or at their URLs. */
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LockedPackages, readPyodideLock } from '../../resolver/formats/read-pyodide-lock.ts';
import type { PackageSet, Target } from '../../resolver/index.ts';
import { answered } from '../common/failure.ts';
import { readText } from '../common/read-text.ts';

export interface SetFile extends LockedPackages {
  /** As the user named it. */
  file: string;
}

export async function readSetFile(file: string): Promise<SetFile> {
  return { ...answered(readPyodideLock(file, await readText(file))), file };
}

/** The lock as a set for a target, each file with a URL. */
export function setOf(lock: SetFile, target: Pick<Target, 'runtime' | 'package_set'>): PackageSet {
  const { file, python, platform, abi } = lock;
  const { runtime, package_set } = target;
  const folder = resolve(dirname(file));
  const source = { registry: 'pinwheel', package: file, version: '', file, sha256: null } as const;
  return {
    ...{ kind: 'set', flag: file, python, abi: abi ?? runtime.abi, platform, runtime: runtime.pyodide },
    ...{ released: package_set.released, default_from: null, source },
    packages: lock.packages.map((member) => ({
      ...member,
      url: member.url ?? pathToFileURL(join(folder, member.filename)).href,
    })),
  };
}
