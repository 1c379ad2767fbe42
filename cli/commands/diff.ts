/** `pinwheel diff`: what changes from one date or package flag to another, and whether this Worker is affected. */
import type { CompareAnswer, Pinwheel } from '../../resolver/index.ts';
import { alternativesOf } from '../ask/alternatives.ts';
import { openBackend } from '../ask/backend.ts';
import { type FileRequirement, locateIssues, withoutPlace } from '../ask/file-requirement.ts';
import { withWheelUrl } from '../ask/requirement.ts';
import { CommandError, misused, refused } from '../common/failure.ts';
import { githubLines, sarifLog } from '../print/annotations.ts';
import { diffLines } from '../print/diff.ts';
import { diffAnnotations } from '../print/diff-annotations.ts';
import { verdictText } from '../print/diff-verdict.ts';
import { leaveOutInfos, print, printRemarks } from '../print/print.ts';
import { screenOf } from '../print/screen.ts';
import { summaryAnnotations, summaryJson, summaryLines } from '../print/summary.ts';
import { readBeyond } from '../project/beyond.ts';
import { closureWithIndex } from '../project/check/closure-changes.ts';
import { type ProjectChanges, projectChanges } from '../project/check/project-changes.ts';
import { namedRequirement, readRequirements } from '../project/check/requirements.ts';
import { hostStages, includedRequirements, projectStages, versionAt } from '../project/check/stage.ts';
import type { ClosureOptions } from '../project/closure.ts';
import { brokenConstraints, checkConstraints } from '../project/constraints.ts';
import { readQuestion, wranglerFileOf } from '../project/question.ts';
import { projectFiles } from '../project/requirement-files.ts';
import { otherPythons, pythonDemands } from '../project/requires-python.ts';
import { checkNames } from '../project/sources/named.ts';
import {
  endWorkers,
  findWorkers,
  namesWorkers,
  overWorkers,
  type WorkerOutcome,
} from '../project/workers.ts';

export interface DiffOptions extends Omit<ClosureOptions, 'config'> {
  /** By default the date of the wrangler file. */
  from?: string;
  /** By default the day on which the question is asked. */
  to?: string;
  /** Each is one Worker. */
  config: string[];
}

/** Of one Worker. */
type WorkerOptions = Omit<DiffOptions, 'config'> & Pick<ClosureOptions, 'config'>;

/** What changes for a Worker, or for requirements. */
export interface WorkerDiff {
  answer: CompareAnswer;
  /** What was asked for in files. */
  asked: readonly FileRequirement[];
  /** Null if only requirements were compared. */
  project: ProjectChanges | null;
  /** The wrangler file of the project. */
  config: string | null;
  sides: { from: string; to: string };
  isAffected: boolean;
}

export async function diffCommand(words: readonly string[], options: DiffOptions): Promise<void> {
  const files = words.filter(namesWorkers);
  const named = words.filter((word) => !files.includes(word));
  checkNames(named);
  const several = files.length > 0 || options.config.length > 1;
  const workers = several ? [await findWorkers(files, options.config)].flat() : [];
  const isList =
    workers.length > 1 || options.config.length > 1 || files.some((file) => /[*?[\]{}]/.test(file));
  const { pinwheel } = await openBackend(options.registry);
  const { config: configs, ...rest } = options;
  const ask = (config: string | undefined) =>
    diffWorker(pinwheel, named, config === undefined ? rest : { ...rest, config });
  if (isList) leaveOutInfos();
  const outcomes: WorkerOutcome<WorkerDiff>[] = isList
    ? await overWorkers(workers, ({ config }) => ask(config))
    : [{ config: '', ok: true, result: await ask(workers[0]?.config ?? configs[0]) }];
  print(linesOf(outcomes, isList, options.format));
  endWorkers(outcomes, ({ isAffected }) => isAffected);
}

async function diffWorker(
  pinwheel: Pinwheel,
  named: readonly string[],
  options: WorkerOptions,
): Promise<WorkerDiff> {
  const { question, sides } = await readSides(options);
  // With requirements given, the project is not compared.
  const wrangler = named.length > 0 ? null : wranglerFile(options);
  const given = options.requirements;
  const files =
    given.length > 0 || wrangler === null
      ? given
      : await projectFiles(wrangler, options.group, options.listener);
  const { constraints, pythons, ...sources } = await readRequirements(
    {
      requirements: files,
      constraints: options.constraints ?? [],
      extras: options.extra ?? [],
      groups: options.group ?? [],
    },
    options.listener,
  );
  checkConstraints(constraints);
  const { requirements } = sources;
  const own = named.map(withoutPlace).map(withWheelUrl);
  const all = [...named.map(namedRequirement), ...requirements];
  const beyond = await readBeyond(pinwheel, options, question, all, constraints);
  const goesBeyond = beyond.index !== null || beyond.set !== null;
  const ask = async (fromFiles: readonly FileRequirement[] | null): Promise<CompareAnswer> => {
    const asked = fromFiles === null ? [] : [...own, ...fromFiles];
    const texts = asked.map(({ text }) => text);
    const outcome = await pinwheel.safeCompare({ ...question, ...sides, requirements: texts });
    if (outcome.ok) return outcome.value;
    const { exitCode, issues } = refused(outcome.issues);
    throw new CommandError(exitCode, locateIssues(issues, asked));
  };

  // Packages of an index are resolved separately.
  const first = await ask(goesBeyond ? null : requirements);
  const isPlain = wrangler === null && constraints.length === 0 && !goesBeyond;
  const stages = isPlain ? null : await hostStages(pinwheel, first, all, beyond);
  const project =
    stages && wrangler !== null ? await projectStages(wrangler, options.env, stages, requirements) : null;
  const included = project ? includedRequirements(project) : new Set();
  const { runtime } = first.to;
  // Added to the question, a constraint that cannot be satisfied is explained as a requirement is.
  const broken = stages ? brokenConstraints(constraints, runtime, (name) => versionAt(stages.to, name)) : [];
  const asked = [...requirements.filter((one) => !included.has(one)), ...broken];
  const document =
    stages && goesBeyond && own.length + asked.length > 0
      ? withClosure(first, await closureWithIndex(pinwheel, stages, [...own, ...asked]))
      : included.size + broken.length > 0
        ? await ask(asked)
        : first;

  const { closure } = document;
  const demands = pythonDemands(pythons, document, options.listener);
  if (!project) printRemarks(otherPythons(demands, document.to));
  const met = requirements.flatMap((one) => (stages?.to.unmet.includes(one) ? [] : one.text));
  const isOpen = project?.to.project.fetchesLater === true && included.size > 0;
  const facts = { closure, requirements: files, requires_python: demands, met, isOpen };
  const changes =
    project && (await projectChanges(project, facts, alternativesOf(pinwheel, project.to.question)));
  const isAffected = closure?.affected || demands.some(({ from, to }) => from && !to);
  return {
    answer: document,
    asked: [...named.map(namedRequirement), ...asked],
    project: changes,
    config: wrangler,
    sides,
    isAffected: changes?.affected ?? isAffected,
  };
}

function linesOf(outcomes: readonly WorkerOutcome<WorkerDiff>[], isList: boolean, format: string): string[] {
  if (format === 'github') return githubLines(summaryAnnotations(outcomes, diffAnnotations));
  if (format === 'sarif') return [JSON.stringify(sarifLog(summaryAnnotations(outcomes, diffAnnotations)))];
  const screen = screenOf(process.stdout);
  const [only] = outcomes;
  if (!isList && only?.ok) {
    const { answer, asked, project } = only.result;
    if (format !== 'json') return diffLines(answer, screen, { asked, project });
    return [JSON.stringify(documentOf(only.result))];
  }
  if (format === 'json') return [summaryJson(outcomes, documentOf, ({ isAffected }) => isAffected)];
  const change = (from: string, to: string) => (from === to ? from : `${from} → ${to}`);
  const columns = [
    {
      title: 'Date',
      text: ({ answer: { from, to } }: WorkerDiff) => change(from.compatibility_date, to.compatibility_date),
    },
    { title: 'Python', text: ({ answer: { python } }: WorkerDiff) => change(python.from, python.to) },
    { title: 'This Worker is', text: ({ answer, project }: WorkerDiff) => verdictText(answer, project) },
  ];
  return summaryLines(outcomes, columns, ({ isAffected }) => !isAffected, screen);
}

function documentOf({ answer, project }: WorkerDiff): object {
  return project ? { ...answer, project } : answer;
}

/** The same, with a closure that includes packages of an index. */
function withClosure(
  answer: CompareAnswer,
  { closure, diagnostics }: Awaited<ReturnType<typeof closureWithIndex>>,
): CompareAnswer {
  return { ...answer, closure, diagnostics: [...answer.diagnostics, ...diagnostics] };
}

/** The question, and the date or package flag that replaces its date. */
async function readSides(options: WorkerOptions) {
  const { from: date, to, ...rest } = options;
  const question = await readQuestion(date === undefined ? rest : { ...rest, date });
  const from = question.compatibility_date;
  if (from === null) {
    throw misused('There is nothing to compare with.', 'Give --from DATE, or a wrangler file with --config.');
  }
  const today = question.as_of ?? new Date().toISOString().slice(0, 10);
  return { question, sides: { from, to: to ?? today } };
}

/** The wrangler file of the question, if there is one. */
function wranglerFile({ from, ...rest }: WorkerOptions): string | null {
  return wranglerFileOf(from === undefined ? rest : { ...rest, date: from });
}
