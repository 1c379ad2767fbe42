/** Compares what a project gets on two targets: with its wrangler file, its requirements and its sources. */
import type { CompareAnswer, Pinwheel } from '../../../resolver/index.ts';
import { series } from '../../../resolver/text/printable.ts';
import { unknownFlags } from '../../../resolver/time/compare.ts';
import { alternativesOf } from '../../ask/backend.ts';
import { type FileRequirement, locateIssues } from '../../ask/requirement.ts';
import { misused, refused } from '../../common/failure.ts';
import type { Remark } from '../../common/listener.ts';
import { distinct } from '../../common/text.ts';
import { readPlace } from '../beyond.ts';
import type { ClosureOptions } from '../closure.ts';
import { brokenConstraints, otherPythons, pythonDemands } from '../demands.ts';
import { movedText } from '../known.ts';
import { wranglerFileOf } from '../question.ts';
import { readRequirements } from '../reading.ts';
import { projectFiles } from '../sources/sources.ts';
import { locatedRequirements, type ProjectRequirement } from './requirements.ts';
import {
  hostStages,
  includedRequirements,
  type ProjectChanges,
  projectChanges,
  projectStages,
  versionAt,
  withIndex,
} from './stage.ts';

export interface DiffOptions extends ClosureOptions {
  /** By default the date of the wrangler file. */
  from?: string;
  /** By default the day on which the question is asked. */
  to?: string;
}

export interface WorkerDiff {
  answer: CompareAnswer;
  asked: readonly ProjectRequirement[];
  project: ProjectChanges | null;
  config: string | null;
  sides: { from: string; to: string };
  isAffected: boolean;
  /** The known vulnerabilities that the move clears and introduces, in words. */
  vulnerabilities: string | null;
}

/** Requirements that are named replace the project's. */
export async function diffWorker(
  backend: Pinwheel,
  named: readonly string[],
  options: DiffOptions,
): Promise<WorkerDiff> {
  const { from, to, ...rest } = options;
  const before = from === undefined ? rest : { ...rest, date: from };
  const place = await readPlace(backend, before);
  const { compatibility_date, as_of } = place.question;
  if (compatibility_date === null) throw misused({ problem: 'nothing_to_compare' });
  const today = as_of ?? new Date().toISOString().slice(0, 10);
  const sides = { from: compatibility_date, to: to ?? today };
  // With requirements given, the project is not compared.
  const wrangler = named.length > 0 ? null : wranglerFileOf(before);
  const isOwn = wrangler !== null && options.requirements.length === 0;
  const files = isOwn ? await projectFiles(wrangler, options.group, options.listener) : options.requirements;
  const beyond = await readRequirements(backend, place, named, { ...options, requirements: files });
  const { pinwheel, question, constraints, pythons, requirements } = beyond;
  const goesBeyond = beyond.index !== null || beyond.set !== null;
  const ask = async (asked: readonly FileRequirement[]): Promise<CompareAnswer> => {
    const texts = asked.map(({ text }) => text);
    const outcome = await pinwheel.safeCompare({ ...question, ...sides, requirements: texts });
    if (outcome.ok) return outcome.value;
    throw refused(locateIssues(outcome.issues, asked));
  };

  // Packages of an index are resolved separately.
  const first = await ask(goesBeyond ? [] : requirements);
  const isPlain = wrangler === null && constraints.length === 0 && !goesBeyond;
  const stages = isPlain ? null : await hostStages(pinwheel, first, requirements, beyond);
  const project =
    stages && wrangler !== null ? await projectStages(wrangler, options.env, stages, requirements) : null;
  const included = project ? includedRequirements(project, beyond.index !== null) : new Map();
  options.listener.remarks(remarksOnFetched(included));
  const { runtime } = first.to;
  // Added to the question, a constraint that cannot be satisfied is explained as a requirement is.
  const unkept = stages ? brokenConstraints(constraints, runtime, (name) => versionAt(stages.to, name)) : [];
  const broken = await locatedRequirements(unkept, []);
  const asked = [...requirements.filter((requirement) => !included.has(requirement)), ...broken];
  const document =
    stages && goesBeyond && asked.length > 0
      ? await withIndex(first, pinwheel, stages, asked)
      : included.size + broken.length > 0
        ? await ask(asked)
        : first;

  const { closure } = document;
  const demands = pythonDemands(pythons, document, options.listener);
  if (!project) options.listener.remarks(otherPythons(demands, document.to));
  const met = requirements.flatMap((requirement) =>
    stages?.to.unmet.includes(requirement) ? [] : requirement.text,
  );
  const isOpen = project?.to.project.fetchesLater === true && included.size > 0;
  const isAffected =
    closure?.affected === true ||
    demands.some(({ from, to }) => from && !to) ||
    ((project ?? closure) !== null && unknownFlags(document.flags).length > 0);
  const facts = { isAffected, requirements: files, requires_python: demands, met, isOpen };
  const changes =
    project && (await projectChanges(project, facts, alternativesOf(pinwheel, project.to.question)));
  return {
    answer: document,
    asked,
    project: changes,
    config: wrangler,
    sides,
    isAffected: changes?.affected ?? isAffected,
    // The vulnerabilities of whole sets are not the project's.
    vulnerabilities: project && !closure ? null : await movedText(pinwheel, document, options),
  };
}

/** Names the requirements that pywrangler fetches, which are not compared. */
function remarksOnFetched(included: ReturnType<typeof includedRequirements>): Remark[] {
  const names = distinct([...included].flatMap(([{ name }, how]) => (how === 'fetched' ? name : [])));
  if (names.length === 0) return [];
  const message = `Not compared: pywrangler vendors ${series(names)} from indexes.`;
  const fix = 'Compare what an index has, too: --index for PyPI, or --index-url URL.';
  return [{ severity: 'info', message, fix }];
}
