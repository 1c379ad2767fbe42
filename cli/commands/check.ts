/** `pinwheel check`: what a project imports, held against what its runtime and package set have. */
import { checkImports } from '../../resolver/python/index.ts';
import { openBackend } from '../backend.ts';
import { type CheckDocument, jsonOf } from '../check/document.ts';
import { elsewhereOf, findElsewhere } from '../check/elsewhere.ts';
import { annotationLines } from '../check/github.ts';
import { prepareHost, standardLibraryOf } from '../check/host.ts';
import { readLayout } from '../check/layout.ts';
import { projectOf } from '../check/project.ts';
import { reportLines } from '../check/report-lines.ts';
import { readRequirements, requirementFiles } from '../check/requirements.ts';
import { scanFiles } from '../check/scan-files.ts';
import { shownReport } from '../check/shown-report.ts';
import { unmetFindings } from '../check/unmet.ts';
import { checkFolder } from '../check/walk.ts';
import { answered, CommandError } from '../failure.ts';
import { type QuestionOptions, readQuestion } from '../input/question.ts';
import { findWranglerFile } from '../input/wrangler-file.ts';
import { print, printRemarks } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { packageSet } from '../package-set.ts';
import { askTarget } from './target.ts';

export interface CheckOptions extends QuestionOptions {
  /** Requirements files and `pyproject.toml`s; where there are none, those of the project. */
  requirements: string[];
}

export async function checkCommand(folder: string, options: CheckOptions): Promise<void> {
  await checkFolder(folder);
  const { pinwheel } = await openBackend(options.registry);
  const asked = withWranglerFile(folder, options);
  const question = await readQuestion(asked);
  const target = await askTarget(pinwheel, question, asked);
  const { revision } = target.registry;
  const set = await packageSet(pinwheel, target, target.registry);

  const layout = await readLayout(folder, asked.config, options.env);
  const named = options.requirements.length > 0;
  const sources = named ? options.requirements : await requirementFiles(layout.home);
  const { requirements } = await readRequirements({ requirements: sources });
  const library = await standardLibraryOf(pinwheel);
  const { host, unmet } = prepareHost(target, set, requirements, library);
  const files = await scanFiles(layout.root, layout.paths, host.watched);
  const view = answered(await pinwheel.source.view(revision));
  const project = await projectOf(layout, files, requirements, host, view);

  const check = checkImports(project, host);
  const elsewhere = elsewhereOf(pinwheel, { ...question, revision });
  const hints = await findElsewhere(check.unknown, elsewhere);
  const unmetOnes = await unmetFindings(unmet, layout, project, host, elsewhere.complain);
  const report = shownReport(check.report(hints), unmetOnes, layout, folder);
  const { root } = layout;
  const main = report.snapshot.entry;
  show({ target, project: { root, main, requirements: sources }, report }, options.format);
  if (report.totals.errors > 0) throw new CommandError(1, []);
}

function show(document: CheckDocument, format: string): void {
  if (format === 'github') printRemarks(document.target.diagnostics);
  print(linesOf(document, format));
}

function linesOf(document: CheckDocument, format: string): string[] {
  if (format === 'json') return [jsonOf(document)];
  if (format === 'github') return annotationLines(document.report.findings);
  return reportLines(document, screenOf(process.stdout));
}

/** Asked for a folder, its wrangler file is meant, and not that of the current folder. */
function withWranglerFile(folder: string, options: CheckOptions): CheckOptions {
  const { config, date, flag, env } = options;
  if (config !== undefined || (env === undefined && (date !== undefined || flag.length > 0))) return options;
  const found = findWranglerFile(folder);
  return found === null ? options : { ...options, config: found };
}
