/** `pinwheel diff`: what changes from one date or package flag to another, and whether this Worker is affected. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openAnswers } from '../answers/open.ts';
import { CommandFailure, misused } from '../failure.ts';
import { locateComplaints } from '../input/file-requirement.ts';
import { readQuestion } from '../input/question.ts';
import { readSources } from '../input/sources.ts';
import { findWranglerFile } from '../input/wrangler-file.ts';
import { diffLines } from '../output/diff.ts';
import { print, printRemarks } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import type { ClosureOptions } from './closure.ts';

export interface DiffOptions extends ClosureOptions {
  /** By default the date of the wrangler file. */
  from?: string;
  /** By default the day on which the question is asked. */
  to?: string;
}

/** Where a project says what it requires, in the order in which they are looked for beside the wrangler file. */
const PROJECT_FILES = ['pyproject.toml', 'requirements.txt'];

export async function diffCommand(named: readonly string[], options: DiffOptions): Promise<void> {
  const answers = await openAnswers(options.registry);
  const { from: date, ...rest } = options;
  const question = await readQuestion(date === undefined ? rest : { ...rest, date });
  const from = question.compatibility_date;
  if (from === null) {
    throw misused('There is nothing to compare with.', 'Give --from DATE, or a wrangler file with --config.');
  }
  const to = options.to ?? question.as_of ?? new Date().toISOString().slice(0, 10);
  const { requirements, remarks } = await readSources({
    requirements:
      named.length > 0 || options.requirements.length > 0 ? options.requirements : projectFile(options),
    constraints: options.constraints ?? [],
    extras: options.extra ?? [],
    groups: options.group ?? [],
  });
  printRemarks(remarks);
  const texts = [...named, ...requirements.map(({ text }) => text)];
  const { document, json } = await answers.compare(question, { from, to }, texts).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error;
    const complaints = locateComplaints(error.complaints, requirements);
    throw new CommandFailure(error.exitCode, complaints, { cause: error });
  });
  print(options.format === 'json' ? [json] : diffLines(document, screenOf(process.stdout)));
  if (document.closure?.affected) throw new CommandFailure(1, []);
}

/** The project file beside the wrangler file that the question was asked with, if there are any. */
function projectFile({ config, from, flag }: DiffOptions): string[] {
  const wrangler = config ?? (from === undefined && flag.length === 0 ? findWranglerFile() : null);
  if (wrangler === null) return [];
  const beside = PROJECT_FILES.map((name) => join(dirname(wrangler), name)).find((path) => existsSync(path));
  if (beside === undefined) return [];
  printRemarks([{ severity: 'info', message: `Asked for what ${beside} requires.`, fix: null }]);
  return [beside];
}
