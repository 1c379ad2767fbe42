/** Asks for a target, and for the closure of a command line's requirements, requirements files and constraints. */
import type { Pinwheel, ResolveAnswer } from '../../resolver/index.ts';
import { alternativesOf } from '../ask/alternatives.ts';
import type { Closure } from '../ask/closure.ts';
import { type FileRequirement, locateIssues, withoutPlace } from '../ask/file-requirement.ts';
import { withWheelUrl } from '../ask/requirement.ts';
import { CommandError, misused, refused, unanswered } from '../common/failure.ts';
import { readBeyond } from './beyond.ts';
import { brokenConstraints, checkConstraints, checkHashes, warnOfPython } from './demands.ts';
import { withModuleHints } from './module-hints.ts';
import type { BeyondOptions } from './options.ts';
import { type QuestionOptions, readQuestion, withHints } from './question.ts';
import { projectFiles } from './requirement-files.ts';
import { withRest } from './rest.ts';
import { checkNames, readSources } from './sources/sources.ts';

export interface ClosureOptions extends QuestionOptions, BeyondOptions {
  /** Requirements files and `pyproject.toml`s. */
  requirements: string[];
  /** Constraints files. */
  constraints?: string[];
  /** Extras and dependency groups of the `pyproject.toml`s. */
  extra?: string[];
  group?: string[];
}

/** Asks for everything at once, and makes remarks about the files. */
export async function askClosure(
  pinwheel: Pinwheel,
  named: readonly string[],
  options: ClosureOptions,
): Promise<ResolveAnswer> {
  return (await askWhole(pinwheel, named, options)).answer;
}

/** The same, with the index and the set that were asked. */
export async function askWhole(
  pinwheel: Pinwheel,
  named: readonly string[],
  options: ClosureOptions,
): Promise<Closure> {
  const asked = await readQuestion(options);
  const { requirements, constraints, pythons } = await readRequirements(named, options);
  const { question, ...opened } = await readBeyond(pinwheel, options, asked, requirements, constraints);

  const ask = async (more: readonly FileRequirement[]): Promise<ResolveAnswer> => {
    const all = [...requirements, ...more];
    const texts = all.map(({ text }) => text);
    const outcome = await pinwheel.safeResolve({ ...question, requirements: texts });
    if (outcome.ok) return outcome.value;
    const { exitCode, issues: found } = refused(outcome.issues);
    const issues = withHints(locateIssues(found, all), options);
    // With JSON output, the issues are unchanged.
    const isPlain = options.format === 'json';
    throw new CommandError(
      exitCode,
      isPlain ? issues : await withModuleHints(issues, texts, alternativesOf(pinwheel, question)),
    );
  };
  const answer = await ask([]).catch(async (error: unknown) => {
    const texts = requirements.map(({ text }) => text);
    throw options.format === 'json'
      ? error
      : await withRest(error, texts, (some) => pinwheel.safeResolve({ ...question, requirements: some }));
  });
  // Added to the question, a constraint that cannot be satisfied is explained as a requirement is.
  const { packages, target } = answer;
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const broken = brokenConstraints(constraints, target.runtime, (name) => versions.get(name));
  if (broken.length > 0) return { answer: await ask(broken), ...opened };
  const pinned = packages.map(({ name, wheel }) => ({ name, sha256: wheel.sha256 }));
  const hashes = checkHashes(requirements, pinned, target.runtime);
  if (hashes.issues.length > 0) throw unanswered(hashes.issues);
  options.listener.remarks(hashes.remarks);
  warnOfPython(pythons, target, options.listener);
  return { answer, ...opened };
}

/** The requirements of the command line and of files; makes remarks about the files. */
export async function readRequirements(named: readonly string[], options: ClosureOptions) {
  checkNames(named);
  const sources = await readSources({
    requirements: await filesOf(named, options),
    constraints: options.constraints ?? [],
    extras: options.extra ?? [],
    groups: options.group ?? [],
  });
  options.listener.remarks(sources.remarks);
  const { constraints, pythons } = sources;
  checkConstraints(constraints);
  const requirements = [...named.map(withoutPlace), ...sources.requirements].map(withWheelUrl);
  return { requirements, constraints, pythons };
}

/** The files of requirements: those that were named, or those of the project. */
async function filesOf(
  named: readonly string[],
  { requirements, config, group, listener }: ClosureOptions,
): Promise<string[]> {
  if (named.length > 0 || requirements.length > 0) return requirements;
  const files = await projectFiles(config, group, listener);
  if (files.length > 0) return files;
  throw misused({ problem: 'nothing_to_resolve' });
}
