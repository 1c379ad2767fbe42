/** `pinwheel check`: compares what projects import with what their runtime and package set have. */
import { dirname, resolve } from 'node:path';
import type { PackageSet, Pinwheel, TargetAnswer } from '../../resolver/index.ts';
import { noMain } from '../../resolver/issues/build.ts';
import { checkImports, type Finding } from '../../resolver/python/index.ts';
import { alternativesOf, findAlternatives } from '../ask/alternatives.ts';
import { openBackend } from '../ask/backend.ts';
import { packageSet } from '../ask/package-set.ts';
import { answered } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { githubLines, sarifLog } from '../print/annotations.ts';
import { findingsLines, reportLines, resultOf } from '../print/check.ts';
import { leaveOutInfos, print, printRemarks } from '../print/print.ts';
import { screenOf } from '../print/screen.ts';
import { summaryAnnotations, summaryJson, summaryLines } from '../print/summary.ts';
import { prepareHost, standardLibraryOf } from '../project/check/host.ts';
import { projectOf } from '../project/check/project.ts';
import { type CheckDocument, documentOf, shownPath, shownReport } from '../project/check/report.ts';
import { hashFindings, readRequirements } from '../project/check/requirements.ts';
import { scanFiles } from '../project/check/scan-files.ts';
import { httpx2Findings, NOT_VERIFIED, unmetFindings, withoutFetched } from '../project/check/unmet.ts';
import { findingsOfVendored } from '../project/check/vendored.ts';
import { askTarget } from '../project/closure.ts';
import { effectiveSet } from '../project/effective-set.ts';
import { readLayout } from '../project/layout.ts';
import type { BeyondOptions } from '../project/options.ts';
import { type QuestionOptions, readQuestion, wranglerFileOf } from '../project/question.ts';
import { requirementFiles } from '../project/requirement-files.ts';
import { checkFolder } from '../project/walk.ts';
import {
  endWorkers,
  findWorkers,
  overWorkers,
  type WorkerOutcome,
  type WorkerPlace,
} from '../project/workers.ts';

export interface CheckOptions extends Omit<QuestionOptions, 'config'>, BeyondOptions {
  /** Requirements files and `pyproject.toml`s; if there are none, those of the project. */
  requirements: string[];
  /** Each is one Worker. */
  config: string[];
}

export async function checkCommand(named: readonly string[], options: CheckOptions): Promise<void> {
  const workers = await findWorkers(named, options.config);
  const { pinwheel } = await openBackend(options.registry);
  if (Array.isArray(workers)) leaveOutInfos();
  const outcomes = Array.isArray(workers)
    ? await overWorkers(workers, (place) => checkWorker(pinwheel, place, options))
    : [{ config: '', ok: true, result: await checkWorker(pinwheel, workers, options) } as const];
  print(linesOf(outcomes, Array.isArray(workers), options.format));
  endWorkers(outcomes, hasErrors);
}

async function checkWorker(
  pinwheel: Pinwheel,
  place: WorkerPlace,
  options: CheckOptions,
): Promise<CheckDocument> {
  const { folder } = place;
  await checkFolder(folder);
  const asked = withWranglerFile(place, options);
  const question = await readQuestion(asked);
  const selected = await askTarget(pinwheel, question, asked);
  const { revision } = selected.registry;
  const pinned = await packageSet(pinwheel, selected, selected.registry);

  const layout = await readLayout(folder, asked.config, options.env);
  if (layout.missing !== null) printRemarks([withoutMain(layout.missing)]);
  const named = options.requirements.length > 0;
  const sources = named ? options.requirements : await requirementFiles(layout.home);
  const { requirements } = await readRequirements({ requirements: sources }, options.listener);
  const texts = requirements.map(({ text }) => text);
  const { set, own, question: beyond } = await effectiveSet(pinwheel, pinned, asked, question, texts);
  const target = own === null ? selected : await withOwnSet(selected, own);
  const library = await standardLibraryOf(pinwheel);
  const { host, unmet } = prepareHost(target, set, requirements, library);
  const files = await scanFiles(layout.root, layout.paths, host.watched);
  const view = answered(await pinwheel.source.view(revision));
  const project = await projectOf(layout, files, requirements, host, view);

  const check = checkImports(project, host);
  const alternatives = alternativesOf(pinwheel, { ...beyond, revision });
  const met = requirements.filter((one) => !unmet.includes(one)).map(({ text }) => text);
  const hints = await findAlternatives(check.unknown, met, alternatives);
  const unmetOnes = await unmetFindings(unmet, requirements, layout, project, host, alternatives.findIssues);
  const isWhole = unmet.length === 0 && sources.length > 0;
  const more = [
    ...unmetOnes,
    ...httpx2Findings(requirements, unmet),
    ...hashFindings(requirements, set.packages, host, options.listener),
    ...findingsOfVendored(layout.vendored, project, host, isWhole),
  ];
  const checked = check.report(hints);
  const isOpen = unmetOnes.some(({ code }) => code === NOT_VERIFIED);
  const findings = withoutFetched(checked.findings, isOpen);
  const report = shownReport({ ...checked, findings }, more, layout, folder);
  if (options.format === 'github' || options.format === 'sarif') printRemarks(target.diagnostics);
  const main = report.snapshot.entry;
  return { target, project: { root: shownPath(layout.root), main, requirements: sources }, report };
}

/** The solver is not loaded for the target's own set. */
async function withOwnSet(target: TargetAnswer, own: PackageSet): Promise<TargetAnswer> {
  const beyond = await import('../../resolver/pinwheel/beyond.ts');
  return answered(await beyond.withOwnSet(target, own));
}

/** No error: a build may make it. */
function withoutMain(main: string): Remark {
  const problem = `has the main ${main}, which does not exist`;
  const { message, fix } = noMain({ file: 'The wrangler file', problem });
  return { severity: 'warning', message, fix };
}

function linesOf(
  outcomes: readonly WorkerOutcome<CheckDocument>[],
  isList: boolean,
  format: string,
): string[] {
  const findingsOf = ({ report }: CheckDocument): readonly Finding[] => report.findings;
  if (format === 'github') return githubLines(summaryAnnotations(outcomes, findingsOf));
  if (format === 'sarif') return [JSON.stringify(sarifLog(summaryAnnotations(outcomes, findingsOf)))];
  const screen = screenOf(process.stdout);
  const [only] = outcomes;
  if (!isList && only?.ok) {
    return format === 'json' ? [JSON.stringify(documentOf(only.result))] : reportLines(only.result, screen);
  }
  if (format === 'json') return [summaryJson(outcomes, documentOf, hasErrors)];
  const findings = findingsLines(
    outcomes.flatMap((one) => (one.ok ? findingsOf(one.result) : [])),
    screen,
  );
  const columns = [
    { title: 'Date', text: ({ target }: CheckDocument) => target.compatibility_date },
    { title: 'Python', text: ({ target }: CheckDocument) => target.runtime.python },
    { title: 'Files', text: ({ report }: CheckDocument) => String(report.totals.files) },
    { title: 'Result', text: ({ report }: CheckDocument) => resultOf(report.totals) },
  ];
  const summary = summaryLines(outcomes, columns, (result) => !hasErrors(result), screen);
  return [...findings, ...(findings.length > 0 ? [''] : []), ...summary];
}

function hasErrors({ report }: CheckDocument): boolean {
  return report.totals.errors > 0;
}

/** A folder means its own wrangler file or the one above it, not that of the current folder. */
function withWranglerFile(
  { folder, config }: WorkerPlace,
  options: CheckOptions,
): QuestionOptions & BeyondOptions {
  const { config: _, ...rest } = options;
  if (config !== undefined) return { ...rest, config };
  const found = wranglerFileOf(rest, { folder });
  if (found === null) return rest;
  if (resolve(dirname(found)) !== resolve(folder)) {
    printRemarks([{ severity: 'info', message: `Checked as part of the project of ${found}.`, fix: null }]);
  }
  return { ...rest, config: found };
}
