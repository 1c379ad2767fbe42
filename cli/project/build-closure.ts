/** The closure that a project's Worker gets. */
import { fileURLToPath } from 'node:url';
import type { Target } from '../../resolver/index.ts';
import { openBackend } from '../ask/backend.ts';
import { packagesOfClosure } from '../ask/closure.ts';
import { packageSet } from '../ask/package-set.ts';
import { readSetFile } from '../ask/set-file.ts';
import type { BuildClosure } from '../worker/inputs.ts';
import { askWhole, type ClosureOptions } from './closure.ts';
import { askTarget, readQuestion } from './question.ts';
import { requirementFiles } from './requirement-files.ts';

export interface BuildQuestion extends ClosureOptions {
  /** A `pyodide-lock.json` with its files beside it. */
  set?: string;
  cache?: string;
}

export interface BuildOptions extends BuildQuestion {
  to?: string;
  cache?: string;
  force?: true;
  /** False for `--no-snapshot`. */
  snapshot: boolean;
  /** For `pinwheel dev`: this program rebuilds the Worker, and `wrangler deploy` does not use the result. */
  dev?: true;
  /** The place of large files; and the bucket, for R2. */
  place?: string;
  bucket?: string;
  /** Builds nothing, and fails if the folder is not what a build would make. */
  check?: true;
}

/** @param home with the project's own requirements, if no file is named */
export async function resolveProject(home: string, asked: BuildQuestion): Promise<BuildClosure> {
  const requirements = asked.requirements.length > 0 ? asked.requirements : await requirementFiles(home);
  const options = { ...asked, requirements };
  const backend = await openBackend(options);
  const question = await readQuestion(options);
  const target = await askTarget(backend.pinwheel, question, options);
  const set = await packageSet(backend.pinwheel, target, target.registry);
  const runtime = { pyodide: set.runtime, python: set.python, abi: set.abi, platform: set.platform };
  if (requirements.length === 0) {
    // The Worker includes what it needs.
    options.listener.remarks(target.diagnostics.filter(({ code }) => code !== 'packages_not_in_runtime'));
    // It is not used, but has to be valid.
    if (asked.set !== undefined) await readSetFile(asked.set);
    return { runtime, packageSet: nameOf(target), packages: [] };
  }
  const closure = await askWhole(backend.pinwheel, [], options);
  const packages = await packagesOfClosure(backend, closure, options);
  return {
    runtime,
    packageSet: nameOf(closure.answer.target),
    credentials: closure.credentials,
    packages: packages.map(({ url, ...one }) => ({
      ...one,
      from: url.startsWith('file:') ? { path: fileURLToPath(url) } : { url },
    })),
  };
}

function nameOf({ package_set: { flag, digest } }: Target): BuildClosure['packageSet'] {
  return { name: flag, digest };
}
