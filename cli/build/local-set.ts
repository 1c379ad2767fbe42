/** `--set FILE`: a package set that lies on this machine, as a `pyodide-lock.json` with its files beside it. */
import { dirname } from 'node:path';
import type { TargetAnswer } from '../../resolver/answer.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import { type PreparedSet, prepareSet } from '../../resolver/closure/prepare.ts';
import { parseRequirements, resolveClosure } from '../../resolver/closure/resolve.ts';
import { providersOf } from '../../resolver/closure/select.ts';
import { readPyodideLock } from '../../resolver/formats/read-pyodide-lock.ts';
import { otherAbi } from '../../resolver/issues/build.ts';
import { moduleHint, type UnmetIssue } from '../../resolver/issues/closure.ts';
import { didYouMean, nearest } from '../../resolver/text/nearest.ts';
import { answered, refused, unanswered } from '../failure.ts';
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
  const { packages, abi, python, platform } = answered(readPyodideLock(file, json));
  if (abi !== null && abi !== runtime.abi) {
    const { pyodide, abi: expected } = runtime;
    throw unanswered([otherAbi({ file, abi, pyodide, expected })]);
  }
  const name = file;
  const digest = sha256Of(json);
  const released = target.package_set.released;
  const source = { registry: 'pinwheel', package: file, version: digest, file, sha256: digest } as const;
  const set: PackageSet = {
    ...{ kind: 'set', flag: name, python, abi: runtime.abi, platform, runtime: runtime.pyodide, released },
    ...{ default_from: null, source, packages },
  };
  const parsed = answered(parseRequirements(requirements));
  const { registry, ...rest } = target;
  const about = { ...rest, package_set: { ...target.package_set, flag: name, digest } };
  const prepared = prepareSet(set);
  const closure = resolveClosure(registry, about, prepared, parsed);
  if (!closure.ok) throw refused(closure.issues.map((issue) => withFix(issue, prepared)));
  const members = new Map(packages.map((member) => [member.name, member]));
  return {
    runtime,
    packageSet: { name, digest },
    packages: closure.value.packages.map(({ name, version, wheel }): BuildPackage => {
      const { kind, install_dir, imports, filename, url } = members.get(name)!;
      const from = url === null ? beside(dirname(file), filename) : { url };
      const { sha256, size, patched } = wheel;
      return { name, version, kind, install_dir, imports, filename, sha256, size, from, patched };
    }),
  };
}

/** What to do about an issue in this very set: no other one is looked at. */
function withFix(issue: UnmetIssue, set: PreparedSet): UnmetIssue {
  const { package: name } = issue;
  switch (issue.code) {
    case 'version_conflict':
      return { ...issue, fix: `Ask for ${name} without the version, or take a set that has another one.` };
    case 'missing_dependency':
      return { ...issue, fix: `Add ${name} to the set.` };
    case 'unknown_package': {
      const providers = providersOf(name, set);
      const near = providers.length > 0 ? [] : nearest(name, set.index.keys());
      const meant = providers.length > 0 ? moduleHint(name, providers) : didYouMean(near);
      const fix = meant ?? `Add ${name} to the set, or vendor it with the Worker if it is pure Python.`;
      return { ...issue, providers, near, fix };
    }
    default:
      return issue;
  }
}
