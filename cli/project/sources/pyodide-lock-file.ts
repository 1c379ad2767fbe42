/** What a `pyodide-lock.json` locks, as requirements: each package at its version. */
import { isArchived } from '../../../resolver/closure/archives.ts';
import { readPyodideLock } from '../../../resolver/formats/read-pyodide-lock.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import { answered } from '../../common/failure.ts';

/**
 * Leaves out entries that are not packages, and tests that Pyodide split off from wheels: they are added automatically.
 */
export function lockedRequirements(file: string, text: string): FileRequirement[] {
  const { packages } = answered(readPyodideLock(file, text));
  return packages
    .filter((one) => one.kind === 'package' && (one.filename.endsWith('.whl') || isArchived(one)))
    .map(({ name, version }) => ({ text: `${name}==${version}`, where: `${file}, packages.${name}` }));
}
