/** The closure that a project's Worker gets. */
import type { TargetAnswer } from '../../resolver/answer.ts';
import { openBackend, urlsOf } from '../backend.ts';
import { askClosure, type ClosureOptions } from '../commands/closure.ts';
import { askTarget } from '../commands/target.ts';
import { requirementFiles } from '../input/project-files.ts';
import { readQuestion } from '../input/question.ts';
import { readSources } from '../input/sources.ts';
import { printRemarks } from '../output/print.ts';
import { packageSet } from '../package-set.ts';
import type { BuildClosure } from './closure.ts';
import { localClosure } from './local-set.ts';

export interface BuildQuestion extends ClosureOptions {
  /** A `pyodide-lock.json` with its files beside it. */
  set?: string;
}

/** @param home where the project's own requirements lie, if no file is named */
export async function resolveProject(home: string, asked: BuildQuestion): Promise<BuildClosure> {
  const requirements = asked.requirements.length > 0 ? asked.requirements : await requirementFiles(home);
  const options = { ...asked, requirements };
  const backend = await openBackend(options.registry);
  const question = await readQuestion(options);
  const target = await askTarget(backend.pinwheel, question, options);
  const set = await packageSet(backend.pinwheel, target, target.registry);
  const runtime = { pyodide: set.runtime, python: set.python, abi: set.abi, platform: set.platform };
  if (asked.set !== undefined) return localClosure(asked.set, target, runtime, await textsOf(options));
  const named = requirements.length === 0 ? null : await askClosure(backend.pinwheel, [], options);
  if (named === null) printRemarks(target.diagnostics);
  const packages = named?.packages ?? [];
  const members = new Map(set.packages.map((member) => [member.name, member]));
  const urls = packages.map(urlsOf(backend, packages));
  return {
    runtime,
    packageSet: nameOf(target),
    packages: packages.map(({ name, version, wheel }, at) => {
      const { kind, install_dir, imports } = members.get(name)!;
      const { filename, sha256, size, patched } = wheel;
      return {
        name,
        version,
        kind,
        install_dir,
        imports,
        filename,
        sha256,
        size,
        from: { url: urls[at]! },
        patched,
      };
    }),
  };
}

function nameOf({ package_set: { flag, digest } }: TargetAnswer): BuildClosure['packageSet'] {
  return { name: flag, digest };
}

async function textsOf({ requirements, extra, group }: ClosureOptions): Promise<string[]> {
  const sources = await readSources({ requirements, extras: extra ?? [], groups: group ?? [] });
  printRemarks(sources.remarks);
  return sources.requirements.map(({ text }) => text);
}
