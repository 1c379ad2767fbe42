/** `--set FILE`: a package set that lies on this machine, as a `pyodide-lock.json` with its files beside it. */
import { dirname } from 'node:path';
import type { TargetAnswer } from '../../resolver/answer.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { parseRequirements, resolveClosure } from '../../resolver/closure/resolve.ts';
import { readPyodideLock } from '../../resolver/formats/read-pyodide-lock.ts';
import { unanswered } from '../failure.ts';
import { readText } from '../input/read-text.ts';
import { type BuildClosure, type BuildPackage, beside } from './closure.ts';
import { sha256Of } from './digests.ts';

/** The closure of requirements in the set, for the runtime of a target. */
export async function localClosure(
  file: string,
  target: TargetAnswer,
  runtime: BuildClosure['runtime'],
  requirements: readonly string[],
): Promise<BuildClosure> {
  const json = await readText(file);
  const read = readPyodideLock(file, json);
  if (!read.ok) throw unanswered(read.issues);
  const { packages, abi, python, platform } = read.value;
  if (abi !== null && abi !== runtime.abi) throw unanswered([otherAbi(file, abi, runtime)]);
  const name = file;
  const digest = sha256Of(json);
  const released = target.package_set.released;
  const source = { registry: 'pinwheel', package: file, version: digest, file, sha256: digest } as const;
  const set: PackageSet = {
    ...{ kind: 'set', flag: name, python, abi: runtime.abi, platform, runtime: runtime.pyodide, released },
    ...{ default_from: null, source, packages },
  };
  const parsed = parseRequirements(requirements);
  if (!parsed.ok) throw unanswered(parsed.issues);
  const { registry, ...rest } = target;
  const about = { ...rest, package_set: { ...target.package_set, flag: name, digest } };
  const resolution = resolveClosure(registry, about, prepareSet(set), parsed.value);
  if (!resolution.ok) throw unanswered(resolution.failures.map((failure) => notInSet(failure, file)));
  const members = new Map(packages.map((member) => [member.name, member]));
  return {
    runtime,
    packageSet: { name, digest },
    packages: resolution.answer.packages.map(({ name, version, wheel }): BuildPackage => {
      const { kind, install_dir, imports, filename, url } = members.get(name)!;
      const from = url === null ? beside(dirname(file), filename) : { url };
      const { sha256, size, patched } = wheel;
      return { name, version, kind, install_dir, imports, filename, sha256, size, from, patched };
    }),
  };
}

function otherAbi(file: string, abi: string, { pyodide, abi: own }: BuildClosure['runtime']) {
  return {
    code: 'other_abi',
    message: `${file} has packages of the ABI ${abi}, and Pyodide ${pyodide} has the ABI ${own}.`,
    fix: `Take a compatibility date or a package set whose runtime has the ABI ${abi}.`,
  };
}

function notInSet(failure: { code: string; name: string; requirement?: unknown }, file: string) {
  const asked = typeof failure.requirement === 'string' ? failure.requirement : failure.name;
  return failure.code === 'unknown_package'
    ? { code: failure.code, message: `${file} has no package "${failure.name}".`, fix: null }
    : { code: failure.code, message: `${file} cannot meet ${asked}.`, fix: 'Ask for another version.' };
}
