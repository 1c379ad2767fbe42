/** `pinwheel diff`: what changes from one date or package flag to another, and whether this Worker is affected. */
import { dirname } from 'node:path';
import type { CompareAnswer } from '../../resolver/time/answers.ts';
import { openBackend } from '../backend.ts';
import { elsewhereOf } from '../check/elsewhere.ts';
import { projectChanges } from '../check/project-changes.ts';
import { namedRequirement, readRequirements, requirementFiles } from '../check/requirements.ts';
import { carriedRequirements, hostStages, projectStages, versionAt } from '../check/stage.ts';
import { CommandError, misused, refused } from '../failure.ts';
import { type FileRequirement, locateComplaints } from '../input/file-requirement.ts';
import { type Question, readQuestion } from '../input/question.ts';
import { findWranglerFile } from '../input/wrangler-file.ts';
import { diffLines } from '../output/diff.ts';
import { print, printRemarks } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import type { ClosureOptions } from './closure.ts';
import { brokenConstraints, checkConstraints } from './constraints.ts';
import { otherPythons, pythonDemands } from './requires-python.ts';

export interface DiffOptions extends ClosureOptions {
  /** By default the date of the wrangler file. */
  from?: string;
  /** By default the day on which the question is asked. */
  to?: string;
}

export async function diffCommand(named: readonly string[], options: DiffOptions): Promise<void> {
  const { pinwheel } = await openBackend(options.registry);
  const { question, sides } = await readSides(options);
  // Who names requirements asks about those, and not about the project.
  const wrangler = named.length > 0 ? null : wranglerFile(options);
  const files = await filesOf(options, wrangler);
  const { requirements, constraints, pythons } = await readRequirements({
    requirements: files,
    constraints: options.constraints ?? [],
    extras: options.extra ?? [],
    groups: options.group ?? [],
  });
  checkConstraints(constraints);
  const ask = async (asked: readonly FileRequirement[]): Promise<CompareAnswer> => {
    const texts = [...named, ...asked.map(({ text }) => text)];
    const outcome = await pinwheel.safeCompare({ ...question, ...sides, requirements: texts });
    if (outcome.ok) return outcome.value;
    const { exitCode, complaints } = refused(outcome.issues);
    throw new CommandError(exitCode, locateComplaints(complaints, asked));
  };

  const first = await ask(requirements);
  const isPlain = wrangler === null && constraints.length === 0;
  const all = [...named.map(namedRequirement), ...requirements];
  const stages = isPlain ? null : await hostStages(pinwheel, first, all);
  const project =
    stages && wrangler !== null ? await projectStages(wrangler, options.env, stages, requirements) : null;
  const carried = project ? carriedRequirements(project) : new Set();
  const { runtime } = first.to;
  // Asked for as well, what cannot hold is explained by whoever answers, as requirements are.
  const broken = stages ? brokenConstraints(constraints, runtime, (name) => versionAt(stages.to, name)) : [];
  const asked = [...requirements.filter((one) => !carried.has(one)), ...broken];
  const document = carried.size + broken.length > 0 ? await ask(asked) : first;

  const { closure } = document;
  const demands = pythonDemands(pythons, document);
  if (!project) printRemarks(otherPythons(demands, document.to));
  const elsewhere = elsewhereOf(pinwheel, questionOf(document, question));
  const facts = { closure, requirements: files, requires_python: demands };
  const changes = project && (await projectChanges(project, facts, elsewhere));
  if (options.format === 'json') {
    print([JSON.stringify(changes ? { ...document, project: changes } : document)]);
  } else print(diffLines(document, screenOf(process.stdout), { asked, project: changes }));
  const isAffected = closure?.affected || demands.some(({ from, to }) => from && !to);
  if (changes?.affected ?? isAffected) throw new CommandError(1, []);
}

/** The question, and what is compared in its place of a date. */
async function readSides(options: DiffOptions) {
  const { from: date, to, ...rest } = options;
  const question = await readQuestion(date === undefined ? rest : { ...rest, date });
  const from = question.compatibility_date;
  if (from === null) {
    throw misused('There is nothing to compare with.', 'Give --from DATE, or a wrangler file with --config.');
  }
  const today = question.as_of ?? new Date().toISOString().slice(0, 10);
  return { question, sides: { from, to: to ?? today } };
}

/** The wrangler file that the question was asked with, if there is one. */
function wranglerFile({ config, from, flag, env }: DiffOptions): string | null {
  return (
    config ?? ((from === undefined && flag.length === 0) || env !== undefined ? findWranglerFile() : null)
  );
}

/** The files of requirements: those that were named, or those of the project beside the wrangler file. */
async function filesOf({ requirements }: DiffOptions, wrangler: string | null): Promise<string[]> {
  if (requirements.length > 0 || wrangler === null) return requirements;
  const files = await requirementFiles(dirname(wrangler));
  if (files.length === 0) return [];
  const many = files.length > 1;
  const message = `Asked for what ${files.join(' and ')} ${many ? 'require' : 'requires'}.`;
  printRemarks([{ severity: 'info', message, fix: null }]);
  return files;
}

/** The question that selects a target by itself. */
function questionOf({ to, registry: { revision } }: CompareAnswer, question: Question): Question {
  const { compatibility_date, compatibility_flags } = to;
  return { ...question, compatibility_date, compatibility_flags, revision };
}
