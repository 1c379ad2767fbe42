/** `pinwheel resolve`: requirements in, pinned packages out. */
import { openAnswers } from '../answers/open.ts';
import { CommandFailure, misused } from '../failure.ts';
import { type QuestionOptions, readQuestion, withHints } from '../input/question.ts';
import { type FileRequirement, locateComplaints, readRequirementsFile } from '../input/requirements-file.ts';
import { closureLines } from '../output/closure.ts';
import { print, printRemarks } from '../output/print.ts';
import { requirementLines } from '../output/requirements.ts';
import { screenOf } from '../output/screen.ts';

export interface ResolveOptions extends QuestionOptions {
  /** Requirements files. */
  requirements: string[];
}

export async function resolveCommand(named: readonly string[], options: ResolveOptions): Promise<void> {
  if (named.length === 0 && options.requirements.length === 0) {
    throw misused('There is nothing to resolve.', 'Name a requirement, or a requirements file with -r.');
  }
  const answers = await openAnswers(options.registry);
  const question = await readQuestion(options);
  const fromFiles = await readFiles(options.requirements);
  const requirements = [...named, ...fromFiles.map(({ text }) => text)];
  const { document, json } = await answers.resolve(question, requirements).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error;
    const complaints = withHints(locateComplaints(error.complaints, fromFiles), options);
    throw new CommandFailure(error.exitCode, complaints, { cause: error });
  });

  if (options.format === 'json') return print([json]);
  if (options.format === 'table') return print(closureLines(document, screenOf(process.stdout)));
  printRemarks([...document.target.diagnostics, ...document.diagnostics]);
  if (options.format === 'pyodide-lock') return print([JSON.stringify(await answers.pyodideLock(document))]);
  const set = await answers.packageSet(document.target.package_set.flag, document.registry.revision);
  print(requirementLines(document, set.document.packages));
}

/** All requirements of the files; standard error is told what is in them besides. */
async function readFiles(paths: readonly string[]): Promise<FileRequirement[]> {
  if (paths.filter((path) => path === '-').length > 1) {
    throw misused('Standard input can be read once only.', 'Give -r - once.');
  }
  const requirements: FileRequirement[] = [];
  for (const path of paths) {
    const file = await readRequirementsFile(path);
    for (const requirement of file.requirements) requirements.push(requirement);
    printRemarks(file.remarks);
  }
  return requirements;
}
